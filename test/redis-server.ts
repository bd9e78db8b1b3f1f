import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openRedis, type Redis } from '../src/data/redis.js';
import { temporaryFolder } from './temporary-folder.js';

const PLACES = [process.env['REDIS_SERVER'], '/usr/bin/redis-server', '/usr/local/bin/redis-server'];

/** Where Redis is installed; undefined where it is not. `REDIS_SERVER` names one that lies elsewhere. */
const redisServerPath = PLACES.find((place) => place !== undefined && existsSync(place));

/** Why tests with Redis are skipped, or false where they can run. */
export const skipWithoutRedis =
  redisServerPath === undefined ? 'no redis-server found: install it, or name it by the variable REDIS_SERVER' : false;

/** A Redis of the test's own, in a folder and at a socket that nobody else has. */
export interface RedisServer {
  readonly url: string;
  connect(): Promise<Redis>;
  /** Ends it as a crash does; what it had answered for is there when it is started again. */
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Lets everything that Redis lets expire come nearer to that. */
  age(milliseconds: number): Promise<void>;
  /** Empties it. */
  empty(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts Redis as an operator who loses nothing does. It ends with the test process at the latest. */
export async function startRedis(): Promise<RedisServer> {
  const folder = temporaryFolder();
  const socket = join(folder, 'redis.sock');
  const url = `unix://${socket}`;
  const settings = ['--port', '0', '--unixsocket', socket, '--dir', folder, '--appendonly', 'yes'];
  const lasting = ['--appendfsync', 'always', '--maxmemory-policy', 'noeviction', '--save', ''];
  let child: ChildProcess;
  let own: Redis | undefined;
  const start = async (): Promise<void> => {
    child = spawn(redisServerPath ?? 'redis-server', [...settings, ...lasting], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    await readyOf(child);
  };
  const connect = () => openRedis({ url, onError: () => undefined });
  const control = async (): Promise<Redis> => (own ??= await connect());
  const kill = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  await start();
  return {
    url,
    connect,
    kill,
    start,
    async age(milliseconds) {
      await (await control()).eval(AGE, 0, milliseconds);
    },
    empty: async () => void (await (await control()).flushall()),
    async stop() {
      own?.disconnect();
      await kill();
    },
  };
}

const AGE = `
for _, key in ipairs(redis.call('KEYS', '*')) do
  local rest = redis.call('PTTL', key)
  if rest > 0 then redis.call('PEXPIRE', key, rest - ARGV[1]) end
end
`;

/** Resolves when the server says that it answers; fails with what it said when it ends before. */
async function readyOf({ stdout }: ChildProcess): Promise<void> {
  if (!stdout) throw new Error('redis-server without output');
  const said: string[] = [];
  for await (const line of createInterface({ input: stdout })) {
    said.push(line);
    if (/ready to accept connections/i.test(line)) {
      stdout.resume();
      return;
    }
  }
  throw new Error(`redis-server ended: ${said.join('\n')}`);
}
