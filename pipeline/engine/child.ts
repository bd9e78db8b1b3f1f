import { openPortraitMaker } from '../portrait.js';
import { serveEngine } from './serve.js';

/** The program of the engine's child process. */
serveEngine(({ bundle, ...options }) => openPortraitMaker(bundle, options));
