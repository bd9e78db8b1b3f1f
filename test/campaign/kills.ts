import { setTimeout as delay } from 'node:timers/promises';
import type { Program } from '../crash/program.js';
import { type RedisServer, startRedis } from '../redis-server.js';
import type { Dice } from './random.js';
import type { Finding } from './report.js';
import { openStage, peakMemory, type Stage } from './stage.js';

/** Milliseconds that an album takes, so that kills meet jobs in every state. */
const PACE = 150;
/** Members on each platform. */
const MEMBERS = 8;
/** Milliseconds that the last run has for everything that is owed. */
const SETTLING = 120_000;
/** The longest a program lives before it is killed, and the longest a start is let go on, in milliseconds. */
const LIFE = 3000;
const START = 1000;

export interface CampaignParts {
  /** The program's process, compiled. */
  readonly compiled: string;
  readonly dice: Dice;
  readonly milliseconds: number;
}

/** Kills the one program at random moments, and ends it in good order now and then, while members ask. */
export async function killEmbedded({ compiled, dice, milliseconds }: CampaignParts): Promise<Finding> {
  const stage = await openStage(compiled, { pace: PACE });
  const counts = { kills: 0, 'kills while starting': 0, 'ends in good order': 0 };
  let program = await stage.start();
  let memory = 0;
  const stop = new AbortController();
  const asking = stage.wishes.keepAsking(await stage.invite(MEMBERS), stage.photo, stop.signal);
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    await delay(dice.next() * LIFE);
    memory = Math.max(memory, peakMemory(program));
    if (dice.chance(0.1)) {
      await program.stop();
      counts['ends in good order']++;
    } else {
      await program.kill();
      counts.kills++;
    }
    if (dice.chance(0.2)) {
      await stage.startAndKill(dice.next() * START);
      counts['kills while starting']++;
    }
    program = await stage.start();
  }
  return conclude(stage, { name: 'kills, embedded store', counts, memory, stop, asking });
}

/** Kills the process that talks to members and the one that makes albums at random moments, both around one Redis. */
export async function killShared({ compiled, dice, milliseconds }: CampaignParts): Promise<Finding> {
  const counts = { 'kills of the chat': 0, 'kills of the worker': 0 };
  return aroundRedis({ name: 'kills, Redis', counts, compiled }, async ({ stage, roles, memory }) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      await delay(dice.next() * LIFE);
      const role = dice.chance(0.5) ? 'chat' : 'worker';
      memory.note(roles.chat);
      await roles[role].kill();
      counts[`kills of the ${role}`]++;
      roles[role] = await stage.start({ role });
    }
  });
}

/** Cuts every connection to Redis, and kills and starts Redis, at random moments. */
export async function cutRedis({ compiled, dice, milliseconds }: CampaignParts): Promise<Finding> {
  const counts = { 'cuts of every connection': 0, 'kills of Redis': 0 };
  return aroundRedis({ name: 'Redis cut and killed', counts, compiled }, async ({ redis, roles, memory }) => {
    const end = performance.now() + milliseconds;
    while (performance.now() < end) {
      await delay(dice.next() * LIFE);
      memory.note(roles.chat);
      if (dice.chance(0.3)) {
        await redis.kill();
        await delay(dice.next() * START);
        await redis.start();
        counts['kills of Redis']++;
      } else {
        const control = await redis.connect();
        await control.client('KILL', 'SKIPME', 'yes');
        control.disconnect();
        counts['cuts of every connection']++;
      }
    }
  });
}

interface Surroundings {
  readonly stage: Stage;
  readonly redis: RedisServer;
  readonly roles: Record<'chat' | 'worker', Program>;
  readonly memory: { note(program: Program): void };
}

async function aroundRedis(
  { compiled, ...named }: Pick<Finding, 'name' | 'counts'> & Pick<CampaignParts, 'compiled'>,
  trouble: (surroundings: Surroundings) => Promise<void>,
): Promise<Finding> {
  const redis = await startRedis();
  const stage = await openStage(compiled, { pace: PACE, redis: { url: redis.url } });
  try {
    const roles = { chat: await stage.start({ role: 'chat' }), worker: await stage.start({ role: 'worker' }) };
    const stop = new AbortController();
    const asking = stage.wishes.keepAsking(await stage.invite(MEMBERS), stage.photo, stop.signal);
    let most = 0;
    const memory = { note: (program: Program) => void (most = Math.max(most, peakMemory(program))) };
    await trouble({ stage, redis, roles, memory });
    memory.note(roles.chat);
    return await conclude(stage, { ...named, memory: most, stop, asking });
  } finally {
    await redis.stop();
  }
}

interface Conclusion extends Omit<Finding, 'tally' | 'settled'> {
  readonly stop: AbortController;
  readonly asking: Promise<void>;
}

/** Lets nobody ask any more, and waits for what is owed. */
async function conclude(stage: Stage, { stop, asking, ...finding }: Conclusion): Promise<Finding> {
  stop.abort();
  await asking;
  const settled = await stage.wishes.settle(SETTLING);
  const tally = stage.wishes.tally();
  await stage.close();
  return { ...finding, settled, tally };
}
