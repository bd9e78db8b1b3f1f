import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import type { FakeInteraction } from '../fakes/discord/interactions.js';
import type { CampaignParts } from './kills.js';
import type { Person } from './person.js';
import type { Finding } from './report.js';
import { openStage, peakMemory, type Stage } from './stage.js';
import type { Wish } from './wishes.js';

const PACE = 300;
const MEMBERS = 4;
const SETTLING = 120_000;
/** What members do beside asking for albums, so many times a second. */
const COMMANDS = ['queue', 'quota', 'help', 'privacy', 'language'] as const;
const PER_SECOND = 50;

/**
 * Half of the members ask for five albums at once, then the others for one each, while everybody sends commands: a wish of one waits for
 * one round at the most, and no acknowledgement comes too late.
 */
export async function takeTurns({ compiled, milliseconds }: CampaignParts): Promise<Finding> {
  const stage = await openStage(compiled, { pace: PACE });
  const program = await stage.start();
  const people = await stage.invite(MEMBERS);
  const [many, one] = [people.filter((_, index) => index % 2 === 0), people.filter((_, index) => index % 2 === 1)];
  const order: Wish[] = [];
  const all: Wish[] = [];
  for (let count = 0; count < 5; count++) all.push(...(await askAll(stage, many)));
  const singles = await askAll(stage, one);
  all.push(...singles);
  const ahead = all.filter((wish) => stage.wishes.isOver(wish)).length;
  const commands = sendCommands(stage, milliseconds);
  while (order.length < all.length) {
    for (const wish of all) if (!order.includes(wish) && stage.wishes.isOver(wish)) order.push(wish);
    await delay(50);
  }
  const places = singles.map((wish) => order.indexOf(wish) + 1 - ahead);
  const { sent, missed } = await commands;
  const settled = await stage.wishes.settle(SETTLING);
  const counts = {
    'members with five wishes': many.length,
    'members with one': one.length,
    'the last of these served as number': Math.max(...places),
    'commands beside it': sent,
    'acknowledged too late': missed,
  };
  const memory = peakMemory(program);
  const tally = stage.wishes.tally();
  await program.stop();
  await stage.close();
  return { name: 'load', counts, memory, settled, tally };
}

function askAll(stage: Stage, people: readonly Person[]): Promise<Wish[]> {
  return Promise.all(people.map((person) => stage.wishes.ask(person, stage.photo)));
}

async function sendCommands({ discord }: Stage, milliseconds: number): Promise<{ sent: number; missed: number }> {
  const members = Array.from({ length: 20 }, () => discord.user());
  const sent: FakeInteraction[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {
    const command = COMMANDS[sent.length % COMMANDS.length] ?? 'help';
    const interaction = members[sent.length % members.length]?.slash(command);
    if (interaction) sent.push(interaction);
    await delay(1000 / PER_SECOND);
  }
  await delay(3000);
  return { sent: sent.length, missed: sent.filter(({ acknowledged }) => !acknowledged).length };
}

/** Members send photos that take long to decode as fast as they can; somebody else asks for albums meanwhile. */
export async function floodWithPhotos({ compiled, milliseconds }: CampaignParts): Promise<Finding> {
  const stage = await openStage(compiled);
  const program = await stage.start();
  const people = await stage.invite(MEMBERS);
  const [other, ...flooding] = people.filter(({ platform }) => platform !== 'telegram');
  if (!other) throw new Error('nobody is there');
  const quiet = await timed(stage, other);
  const heavy = await heavyPhotos();
  const stop = new AbortController();
  const flood = Promise.all(
    flooding.map((person, index) =>
      stage.wishes.keepAsking([person], heavy[index % heavy.length] ?? stage.photo, stop.signal),
    ),
  );
  const waits: number[] = [];
  const end = performance.now() + milliseconds;
  while (performance.now() < end) waits.push(await timed(stage, other));
  stop.abort();
  await flood;
  const settled = await stage.wishes.settle(SETTLING);
  const counts = {
    'albums of somebody else': waits.length,
    'ms for one without the flood': Math.round(quiet),
    'ms for the slowest in it': Math.round(Math.max(...waits)),
  };
  const memory = peakMemory(program);
  const tally = stage.wishes.tally();
  await program.stop();
  await stage.close();
  return { name: 'photos that are slow to decode', counts, memory, settled, tally };
}

async function timed(stage: Stage, person: Person): Promise<number> {
  const began = performance.now();
  const wish = await stage.wishes.ask(person, stage.photo);
  while (!stage.wishes.isOver(wish)) await delay(5);
  return performance.now() - began;
}

/** As thin and as slow as are taken, and thinner than that. */
async function heavyPhotos(): Promise<Buffer[]> {
  const plain = (width: number, height: number) =>
    sharp({ create: { width, height, channels: 3, background: '#335577' } }).png({
      progressive: true,
      compressionLevel: 9,
    });
  return [
    await plain(1000, 20_000).toBuffer(),
    await plain(5000, 5000).toBuffer(),
    await plain(100, 20_000).toBuffer(),
  ];
}
