import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { FakeDiscord } from '../test/fakes/discord/discord.js';
import type { DiscordUser } from '../test/fakes/discord/user.js';
import { summarise, type Measurement } from './measurement.js';
import { photoFile } from './photo.js';
import type { Scale } from './scale.js';

const PER_SECOND = 200;
const MEMBERS = 50;
/** Milliseconds after which Discord gives an interaction up. */
const DEADLINE = 3000;
/** Milliseconds after the last interaction for which acknowledgements are waited for; what comes later counts as never come. */
const PATIENCE = 30_000;
/** What members do, in turn. */
const COMMANDS = ['queue', 'quota', 'help', 'privacy', 'language'] as const;

/**
 * From Discord's sending an interaction to its acknowledgement, 200 a second, while the engine makes one of many albums in
 * line; once more beside a program that fills a core and a disk.
 */
export async function measureAcknowledgement({ quick }: Scale): Promise<Measurement[]> {
  const [runs, seconds, jobs] = quick ? [1, 2, 10] : [3, 30, 150];
  const discord = await FakeDiscord.open(Date.now());
  const waiting = Array.from({ length: jobs }, () => discord.user());
  const program = forkHere('./acknowledge-program.ts');
  try {
    const agreed = waiting.map(({ id }) => id);
    program.send({ token: discord.token, ...discord.endpoints, agreed });
    await Promise.race([once(program, 'message'), ended(program)]);
    await Promise.all(waiting.map(wish));
    const members = Array.from({ length: MEMBERS }, () => discord.user());
    await load({ discord, members, seconds: 1 });
    const measure = async (): Promise<readonly Run[]> => {
      const loads: Run[] = [];
      for (let run = 0; run < runs; run++) loads.push(await load({ discord, members, seconds }));
      return loads;
    };
    const alone = describe('acknowledgement', await measure(), 300);
    const neighbour = forkHere('./neighbour.ts');
    const beside = describe('acknowledgement-beside', await measure(), 1500);
    await end(neighbour);
    return [...alone, ...beside];
  } finally {
    await end(program);
    await discord.close();
  }
}

function forkHere(file: string): ChildProcess {
  const execArgv = ['--import', 'tsx'];
  return fork(new URL(file, import.meta.url), { execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
}

/** Ends a program that ends with its parent. */
async function end(program: ChildProcess): Promise<void> {
  const gone = once(program, 'exit');
  program.disconnect();
  await gone;
}

/** Asks for an album; resolves when it is in line. */
async function wish(member: DiscordUser): Promise<void> {
  member.slash('portrait', { photo: { bytes: readFileSync(photoFile) }, prompt: 'smiling' });
  await member.sees(({ buttons }) => buttons.some(({ label }) => label === 'Cancel'));
}

function describe(name: string, loads: readonly Run[], goal: number): Measurement[] {
  const quantiles = (share: number) => summarise(loads.map(({ waits }) => quantile(waits, share)));
  const missed = loads.map(({ waits }) => waits.filter((wait) => wait > DEADLINE).length);
  const never = loads.map(({ waits }) => waits.filter((wait) => wait === Number.POSITIVE_INFINITY).length);
  return [
    { name: `${name}-p50`, unit: 'ms', ...quantiles(0.5) },
    { name: `${name}-p99`, unit: 'ms', goal, ...quantiles(0.99) },
    { name: `${name}-missed`, unit: 'interactions', goal: 1, ...summarise(missed) },
    { name: `${name}-never`, unit: 'interactions', goal: 1, ...summarise(never) },
    { name: `${name}-rate`, unit: '1/s', ...summarise(loads.map(({ rate }) => rate)) },
  ];
}

/** How many interactions were sent a second. */
interface Run {
  /** Milliseconds that each of them waited; infinite for those that were never acknowledged. */
  readonly waits: readonly number[];
  readonly rate: number;
}

interface Load {
  readonly discord: FakeDiscord;
  readonly members: readonly DiscordUser[];
  readonly seconds: number;
}

/** Sends interactions at the wanted rate; answers how many milliseconds each waited. */
async function load({ discord, members, seconds }: Load): Promise<Run> {
  const count = PER_SECOND * seconds;
  const sent = new Map<string, number>();
  const waits: number[] = [];
  const { interactions } = discord.world;
  const answer = interactions.callback.bind(interactions);
  interactions.callback = (id, token, body) => {
    const at = sent.get(id);
    if (at !== undefined) waits.push(performance.now() - at);
    return answer(id, token, body);
  };
  const start = performance.now();
  for (let index = 0; index < count; index++) {
    const due = start + (index * 1000) / PER_SECOND;
    if (due > performance.now()) await delay(due - performance.now());
    const at = performance.now();
    const interaction = members[index % MEMBERS]?.slash(COMMANDS[index % COMMANDS.length] ?? 'help');
    if (interaction) sent.set(interaction.id, at);
  }
  const rate = (count * 1000) / (performance.now() - start);
  const done = new AbortController();
  await Promise.race([
    discord.until(() => (waits.length >= count ? true : undefined)),
    delay(PATIENCE, undefined, { signal: done.signal }).catch(() => undefined),
  ]);
  done.abort();
  interactions.callback = answer;
  while (waits.length < count) waits.push(Number.POSITIVE_INFINITY);
  return { waits, rate };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

async function ended(program: ChildProcess): Promise<never> {
  const [code] = await once(program, 'exit');
  throw new Error(`the bot ended with ${String(code)}`);
}
