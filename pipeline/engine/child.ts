import { openPortraitMaker } from '../portrait.js';
import { serveEngine } from './serve.js';

/** The program of the engine's child process. */
serveEngine(({ bundle, ...options }) => openPortraitMaker(bundle, options));

// Ctrl-C at a terminal, its closing, or a service manager's stop, reaches the whole process group. The parent decides what becomes of the
// album being made, and the end of the channel ends this process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
