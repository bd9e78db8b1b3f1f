/** What one folder, or one file, may import beside itself and the modules of Node. */
export interface Row {
  /**
   * Folders, each without the folders in it that have a row of their own, and single files. `X/` is everything below X;
   * `X (types)` leaves nothing at run time.
   */
  readonly folders: readonly string[];
  /** npm packages, which may be marked in the same way. */
  readonly packages: readonly string[];
}

/** Browser modules, for which there are no modules of Node. */
export const BROWSER = 'src/platforms/web/assets';

/** Who may import whom, from the ground floor up; what is not in it is denied. CONTRIBUTING.md shows this very table. */
export const table: Readonly<Record<string, Row>> = {
  'pipeline/image.ts': { folders: ['pipeline/'], packages: ['sharp'] },
  'pipeline/session.ts': { folders: ['pipeline/'], packages: ['onnxruntime-node'] },
  'pipeline/text': { folders: ['pipeline/'], packages: ['@huggingface/tokenizers', 'zod'] },
  pipeline: { folders: ['pipeline/'], packages: ['zod'] },
  'src/errors.ts': { folders: ['pipeline/errors.ts'], packages: [] },
  'src/typed-keys.ts': { folders: [], packages: [] },
  'src/package-root.ts': { folders: [], packages: [] },
  'src/language': { folders: ['locales', 'pipeline/text/phrases.ts', 'src/errors.ts'], packages: [] },
  'src/observation.ts': { folders: ['src/language (types)'], packages: [] },
  'src/chat': { folders: ['pipeline/text/phrases.ts', 'src/errors.ts', 'src/language (types)'], packages: [] },
  'src/data': { folders: ['src/errors.ts', 'src/observation.ts'], packages: ['ioredis', 'keyv', 'libsql', 'zod'] },
  'src/vault': { folders: ['src/data (types)', 'src/errors.ts'], packages: [] },
  'src/media': {
    folders: ['pipeline/image.ts', 'src/chat', 'src/errors.ts', 'src/vault (types)'],
    packages: ['sharp', 'zod'],
  },
  'src/jobs': {
    folders: [
      'pipeline/index.ts',
      'src/chat',
      'src/data (types)',
      'src/errors.ts',
      'src/language',
      'src/media',
      'src/vault',
    ],
    packages: ['bullmq', 'keyv (types)', 'pino (types)', 'zod'],
  },
  'src/members': {
    folders: ['src/chat (types)', 'src/data/rename-fact.ts', 'src/data/serial.ts', 'src/errors.ts', 'src/jobs (types)'],
    packages: ['keyv (types)', 'zod'],
  },
  'src/events': {
    folders: ['src/chat', 'src/data/serial.ts', 'src/errors.ts', 'src/jobs', 'src/language', 'src/media', 'src/vault'],
    packages: ['keyv (types)'],
  },
  'src/safety': { folders: ['pipeline/index.ts', 'src/errors.ts', 'src/jobs (types)'], packages: [] },
  commands: {
    folders: [
      'src/chat',
      'src/data (types)',
      'src/errors.ts',
      'src/events (types)',
      'src/jobs (types)',
      'src/language (types)',
      'src/media (types)',
      'src/members (types)',
      'src/safety (types)',
      'src/typed-keys.ts',
    ],
    packages: [],
  },
  'src/host': {
    folders: ['commands', 'src/chat', 'src/data (types)', 'src/errors.ts', 'src/events', 'src/language'],
    packages: [],
  },
  'src/platforms': {
    folders: ['src/chat (types)', 'src/errors.ts', 'src/language (types)', 'src/media', 'src/typed-keys.ts'],
    packages: ['keyv (types)'],
  },
  'src/platforms/discord': {
    folders: ['src/chat', 'src/errors.ts', 'src/language', 'src/media', 'src/observation.ts', 'src/platforms'],
    packages: ['discord.js', 'keyv (types)', 'zod'],
  },
  'src/platforms/telegram': {
    folders: [
      'src/chat',
      'src/data (types)',
      'src/data/serial.ts',
      'src/errors.ts',
      'src/language',
      'src/media',
      'src/observation.ts',
      'src/platforms',
    ],
    packages: ['@hono/node-server', 'bottleneck', 'hono', 'keyv (types)', 'telegraf'],
  },
  'src/platforms/web': {
    folders: ['src/chat', 'src/data/serial.ts', 'src/language', 'src/media', 'src/platforms', 'src/vault (types)'],
    packages: ['@hono/node-server', 'hono', 'keyv (types)'],
  },
  'src/platforms/web/assets': { folders: ['src/chat', 'src/platforms/web (types)'], packages: [] },
  'src/operations': {
    folders: [
      'pipeline/index.ts (types)',
      'src/chat (types)',
      'src/errors.ts',
      'src/jobs (types)',
      'src/media (types)',
      'src/platforms',
    ],
    packages: ['@hono/node-server', 'hono', 'pino', 'prom-client'],
  },
  'src/audit': {
    folders: [
      'src/chat (types)',
      'src/data/serial.ts',
      'src/errors.ts',
      'src/jobs (types)',
      'src/operations (types)',
      'src/safety (types)',
    ],
    packages: [],
  },
  'src/config.ts': {
    folders: ['pipeline/index.ts', 'src/data', 'src/errors.ts', 'src/package-root.ts'],
    packages: ['zod'],
  },
  'src/compose': {
    folders: [
      'commands',
      'pipeline/index.ts',
      'src/audit',
      'src/chat',
      'src/config.ts',
      'src/data',
      'src/errors.ts',
      'src/events',
      'src/host',
      'src/jobs',
      'src/language',
      'src/media',
      'src/members',
      'src/observation.ts',
      'src/operations',
      'src/platforms (types)',
      'src/platforms/discord',
      'src/platforms/telegram',
      'src/platforms/web',
      'src/safety',
      'src/vault',
    ],
    packages: ['keyv (types)', 'pino (types)'],
  },
  'src/main.ts': {
    folders: ['pipeline/index.ts', 'src/compose', 'src/config.ts (types)', 'src/platforms/discord (types)'],
    packages: [],
  },
  'src/cli': {
    folders: [
      'pipeline/index.ts',
      'src/audit',
      'src/config.ts',
      'src/data',
      'src/errors.ts',
      'src/language',
      'src/main.ts (types)',
      'src/media',
      'src/observation.ts',
      'src/package-root.ts',
    ],
    packages: ['cli-progress', 'commander', 'zod'],
  },
  'src/cli.ts': { folders: ['src/cli', 'src/language', 'src/main.ts'], packages: [] },
  'test/fakes': {
    folders: [
      'commands',
      'pipeline/',
      'src/chat',
      'src/errors.ts',
      'src/events',
      'src/jobs (types)',
      'src/language',
      'src/media',
      'src/platforms (types)',
      'src/platforms/discord',
      'src/platforms/telegram',
      'src/platforms/web',
      'src/vault',
    ],
    packages: ['keyv', 'sharp', 'ws'],
  },
  'test/fixtures': {
    folders: ['pipeline/', 'src/cli', 'src/compose', 'src/config.ts (types)', 'src/platforms/web', 'test/fakes'],
    packages: ['pino', 'playwright-core', 'sharp'],
  },
  'test/contract': {
    folders: [
      'pipeline/',
      'src/chat (types)',
      'src/config.ts',
      'src/errors.ts',
      'src/jobs',
      'src/language',
      'src/media',
      'src/vault (types)',
      'test/fakes',
    ],
    packages: [],
  },
  scripts: {
    folders: [
      'pipeline/',
      'src/chat',
      'src/cli',
      'src/compose',
      'src/language',
      'src/main.ts',
      'src/media',
      'src/operations',
      'test/fakes',
      'test/fixtures',
    ],
    packages: [
      '@tensorflow/tfjs-backend-wasm',
      '@tensorflow/tfjs-core',
      'oxc-parser',
      'playwright-core (types)',
      'sharp',
      'zod',
    ],
  },
  bench: {
    folders: [
      'pipeline/',
      'src/chat',
      'src/cli',
      'src/compose',
      'src/config.ts',
      'src/data',
      'src/errors.ts',
      'src/jobs',
      'src/main.ts',
      'src/members',
      'src/platforms/web (types)',
      'test/fakes',
    ],
    packages: ['pino', 'zod'],
  },
  test: {
    folders: ['commands', 'locales', 'pipeline/', 'scripts', 'src/', 'test/'],
    packages: [
      'axe-core',
      'discord.js',
      'fast-check',
      'keyv',
      'pino',
      'playwright-core (types)',
      'sharp',
      'ws',
      'yaml',
      'zod',
    ],
  },
};
