import { join } from 'node:path';
import { packageRoot } from '../src/config.js';

/** The photo every measurement portrays. */
export const photoFile = join(packageRoot, 'test', 'fixtures', 'astronaut.jpg');
