import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { temporaryFolder } from '../temporary-folder.js';
import type { CampaignParts } from './kills.js';
import type { Finding } from './report.js';
import { openStage, peakMemory, type Stage } from './stage.js';

/** Bytes of the disk: room for the database and a few photos. */
const DISK = 6 * 1024 * 1024;
const MEMBERS = 4;
const SETTLING = 60_000;

/**
 * Fills a small disk with photos in line until there is no room, kills the program, starts it on the full disk, and lets
 * everything go on: what was accepted is delivered, and what is asked for afterwards as well.
 */
export async function fillDisk({ compiled, dice }: Pick<CampaignParts, 'compiled' | 'dice'>): Promise<Finding> {
  const disk = temporaryFolder();
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'likeness-campaign', disk]);
  const stage = await openStage(compiled, { data: join(disk, 'data') });
  try {
    return await fill(stage, disk, await noise(dice.below(2 ** 31)));
  } finally {
    await stage.close();
    await delay(500);
    execFileSync('umount', ['--lazy', disk]);
  }
}

async function fill(stage: Stage, disk: string, photo: Uint8Array): Promise<Finding> {
  const open = await stage.start();
  const people = await stage.invite(MEMBERS);
  await open.stop();
  const held = await stage.start({ hold: true });
  for (let round = 0; round < 3; round++) {
    await Promise.all(people.map((person) => stage.wishes.ask(person, photo)));
    await delay(2000);
  }
  const memory = peakMemory(held);
  await held.kill();
  // Where SQLite finds no room to begin, the program says so and ends; its operator makes room.
  let refused = 0;
  const last = await stage.start().catch(() => {
    refused++;
    execFileSync('mount', ['-o', `remount,size=${2 * DISK}`, disk]);
    return stage.start();
  });
  const drained = await stage.wishes.settle(SETTLING);
  await Promise.all(people.map((person) => stage.wishes.ask(person, stage.photo)));
  const settled = (await stage.wishes.settle(SETTLING)) && drained;
  await last.stop();
  return {
    name: 'full disk',
    counts: { 'photos of 0.8 MB': 3 * people.length, kills: 1, 'starts refused for want of room': refused },
    memory,
    settled,
    tally: stage.wishes.tally(),
  };
}

/** A photo that no encoder makes small, by a seed. */
function noise(seed: number): Promise<Buffer> {
  let state = seed;
  const data = Buffer.alloc(600 * 600 * 3);
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    data[index] = state >>> 24;
  }
  return sharp(data, { raw: { width: 600, height: 600, channels: 3 } })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toBuffer();
}
