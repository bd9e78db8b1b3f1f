import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PlatformName } from '../../src/chat/member.js';
import { defaultLimits } from '../../src/config.js';
import { setTimeout as delay } from 'node:timers/promises';
import { launch, prepare, type Program, startProgram } from '../crash/program.js';
import { FakeBrowser } from '../fakes/browser.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { plainJpeg } from '../fakes/photos.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { SPEED } from '../fakes/telegram/timing.js';
import type { ProgramSettings } from '../fixtures/program-messages.js';
import { temporaryFolder } from '../temporary-folder.js';
import { onDiscord, onTelegram, onWeb } from './people.js';
import type { Person } from './person.js';
import { createWishes, type Wishes } from './wishes.js';

const PLATFORMS = ['discord', 'telegram', 'web'] as const;

/** What no campaign is to run into. */
const LIMITS = { memberPerHour: 10_000, memberPerDay: 10_000, globalPerHour: 100_000, globalPerDay: 100_000 };

/** Three platforms around a program that comes and goes, and its members. */
export interface Stage {
  readonly data: string;
  readonly discord: FakeDiscord;
  readonly wishes: Wishes;
  readonly photo: Uint8Array;
  start(more?: Partial<ProgramSettings>): Promise<Program>;
  /** Starts the program and kills it so many milliseconds later, ready or not. */
  startAndKill(milliseconds: number): Promise<void>;
  /** Somebody new on a platform of a program that runs, who agrees. */
  welcome(platform: PlatformName): Promise<Person>;
  /** So many members on each platform, who have agreed, of a program that runs. */
  invite(each: number): Promise<readonly Person[]>;
  close(): Promise<void>;
}

/**
 * @param compiled the program's process, compiled
 * @param common what the program is started with each time, beside the platforms
 */
export async function openStage(compiled: string, common: Partial<ProgramSettings> = {}): Promise<Stage> {
  const discord = await FakeDiscord.open(Date.now());
  const telegram = await FakeTelegram.start({ speed: SPEED });
  const photo = await plainJpeg();
  const { data = join(temporaryFolder(), 'data') } = common;
  const wishes = createWishes();
  const endings: (() => unknown)[] = [];
  const people: Person[] = [];
  let address: string | undefined;
  // The next process reads its libraries while this one serves: what is killed is the program, hardly ever Node's loader.
  let next = prepare(compiled);
  let last = Date.now();
  // Discord's deadlines go by the time that really passes.
  const clock = setInterval(() => {
    discord.clock.advance(Date.now() - last);
    last = Date.now();
  }, 20);
  const settings = (more: Partial<ProgramSettings> = {}): ProgramSettings => ({
    data,
    limits: { ...defaultLimits, ...LIMITS },
    discord: { token: discord.token, ...discord.endpoints },
    telegram: { token: telegram.token, apiRoot: telegram.apiRoot, speed: SPEED },
    ...(address !== undefined && { port: Number(new URL(address).port) }),
    ...common,
    ...more,
  });
  const agree = async (person: Person): Promise<void> => {
    if (person.platform === 'web') return person.agree();
    let first = await wishes.ask(person, photo);
    // On a busy machine Discord may have given up.
    while (!first.taken) first = await wishes.ask(person, photo);
    await person.agree();
    while (!wishes.isOver(first)) await new Promise((resolve) => setTimeout(resolve, 50));
  };
  const welcome = async (platform: PlatformName): Promise<Person> => {
    if (address === undefined) throw new Error('no program runs');
    const arrive = {
      discord: () => onDiscord(discord),
      telegram: () => onTelegram(telegram),
      web: async () => onWeb(await FakeBrowser.open(address ?? '')),
    };
    const person = await arrive[platform]();
    people.push(person);
    await agree(person);
    return person;
  };
  return {
    data,
    discord,
    wishes,
    photo,
    async start(more = {}) {
      const context = { after: (ending: unknown) => void endings.push(ending as () => unknown) };
      const program = await startProgram(context, settings(more), next);
      next = prepare(compiled);
      if (more.role !== 'worker') address ??= program.address;
      return program;
    },
    async startAndKill(milliseconds) {
      const child = launch(settings(), next);
      next = prepare(compiled);
      await delay(milliseconds);
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
    welcome,
    async invite(each) {
      const platforms = Array.from({ length: each }, () => PLATFORMS).flat();
      return Promise.all(platforms.map(welcome));
    },
    async close() {
      for (const person of people) person.leave();
      for (const end of endings) end();
      next.kill('SIGKILL');
      clearInterval(clock);
      await discord.close();
      await telegram.stop();
    },
  };
}

/** The most memory that a process had so far, in MiB; 0 where the system does not say. */
export function peakMemory({ pid }: Pick<Program, 'pid'>): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Math.round(Number(kibibytes ?? 0) / 1024);
  } catch {
    return 0;
  }
}
