import type { Command, CommandServices } from '../../commands/command.js';
import type { ChatHost, MemberReport } from '../chat/host.js';
import { cleanText } from '../chat/clean-text.js';
import type { Invocation, OptionValues, Place } from '../chat/invocation.js';
import type { Member, PlatformName, Server } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Reply } from '../chat/reply.js';
import { LikenessError } from '../errors.js';
import { errorText, translator } from '../language/texts.js';
import { createInterrupted, type InterruptedParts } from './interrupted.js';
import { takeReport } from './reports.js';
import { createViews } from './views.js';

export interface HostOptions {
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  readonly services: CommandServices;
  /** What else is kept of servers. */
  readonly kept?: readonly { forget(server: Server): Promise<void>; move(from: Server, to: Server): Promise<void> }[];
  /** What members asked for and were not answered yet, and whether such a request became a job. */
  readonly interrupted: Pick<InterruptedParts, 'pending' | 'isAccepted'>;
  /** Calls back at every change of the queue. */
  readonly watchQueue: ChatHost['watchQueue'];
  /** Called when a command fails with an error that has no sentence for the member. */
  readonly onError: (error: unknown, command: string) => void;
  /** Called when a command is refused with a sentence of its own. */
  readonly onRefused?: (error: LikenessError) => void;
  /** Called when a command was answered; without an error, as it asked. */
  readonly onAnswered?: (invocation: Invocation, error?: unknown) => void;
}

/** The host of all platforms, and a way to close its doors. */
export interface Host extends ChatHost {
  /** Tells the members whom an earlier run did not answer; called at the start, and now and then. */
  tellInterrupted(): Promise<void>;
  /** From now on every request is refused with a sentence; resolves when those under way are answered. */
  close(): Promise<void>;
}

/** Acknowledges invocations, runs their commands, and turns what those throw into one sentence. */
export function createHost(options: HostOptions): Host {
  const { platforms, services, kept = [], watchQueue, onError, onRefused, onAnswered } = options;
  let closed = false;
  const busy = createBusy();

  const run = async (invocation: Invocation, reply: Reply): Promise<void> => {
    if (closed) throw new LikenessError('shutting-down');
    const t = translator(invocation.locale ?? 'en');
    await findCommand(services.commands, invocation.command).run({ invocation, reply, t, services });
  };
  const languageOf = createLanguages(services);
  const views = createViews(services, (error) => onError(error, 'event'));
  const localise = async (invocation: Invocation): Promise<Invocation> => {
    const spoken = await languageOf(invocation.member, invocation.place, invocation.locale);
    return spoken === undefined ? invocation : { ...invocation, locale: spoken };
  };
  const interrupted = createInterrupted({
    ...options.interrupted,
    platforms,
    languageOf: async ({ member, locale }) => (await languageOf(member, {}, locale)) ?? 'en',
    onError,
  });
  const replyTo = ({ member, address }: Invocation): Reply => {
    const platform = platforms.get(member.platform);
    if (!platform) throw new Error(`no platform ${member.platform}`);
    return platform.reply(address);
  };
  const note = (error: unknown, command: string): void => {
    if (error instanceof LikenessError) onRefused?.(error);
    else onError(error, command);
  };
  const hearReport = async (report: MemberReport): Promise<string> => {
    let t = translator(report.locale ?? 'en');
    try {
      if (closed) throw new LikenessError('shutting-down');
      t = translator((await languageOf(report.reporter, report, report.locale)) ?? 'en');
      return await takeReport(report, t, services);
    } catch (error) {
      note(error, 'report');
      return errorText(error, t);
    }
  };
  const answer = async (given: Invocation): Promise<void> => {
    const reply = replyTo(given);
    let invocation = { ...given, options: cleanOptions(given.options) };
    const begun = interrupted.begin(given);
    try {
      await reply.acknowledge();
      if (!closed) invocation = await localise(invocation);
      await run(invocation, reply);
      onAnswered?.(given);
    } catch (error) {
      onAnswered?.(given, error);
      note(error, given.command);
      await reply
        .refuse(errorText(error, translator(invocation.locale ?? 'en')))
        .catch((failure: unknown) => onError(failure, given.command));
    } finally {
      (await begun)();
    }
  };
  return {
    begin: interrupted.begin,
    tellInterrupted: () => interrupted.tell(),
    invoke: (invocation) => busy.track(answer(invocation)),
    report: (report) => busy.track(hearReport(report)),
    cancel: (jobId: string, member: Member) =>
      services.jobs.cancel(jobId, member).catch((error: unknown) => {
        // A job that ended while Cancel was pressed has said so itself.
        if (!(error instanceof LikenessError)) onError(error, 'cancel');
      }),
    consent: (member: Member) => services.members.consent(member),
    ...createDepartures({ services, kept, onError }),
    ...views,
    vote: (visit, number) => busy.track(views.vote(visit, number)),
    watchQueue,
    async close() {
      closed = true;
      await busy.over();
    },
  };
}

/** Tells in which language a member is answered: the one they chose, else their app's, else their server's. */
function createLanguages({ members, servers }: CommandServices) {
  return async (member: Member, { server }: Pick<Place, 'server'>, locale?: string): Promise<string | undefined> => {
    const spoken = (await members.language(member)) ?? locale;
    if (spoken !== undefined || server === undefined) return spoken;
    return (await servers.settings({ platform: member.platform, id: server })).language;
  };
}

/** Servers and members that go, and servers that move. */
function createDepartures({
  services,
  kept = [],
  onError,
}: Pick<HostOptions, 'services' | 'kept' | 'onError'>): Pick<ChatHost, 'gone' | 'moved'> {
  /** For what nobody waits to be answered. */
  const quietly = (name: string, work: Promise<unknown>): Promise<void> =>
    work.then(
      () => undefined,
      (error: unknown) => onError(error, name),
    );
  const leave = async (server: Server): Promise<void> => {
    for (const part of [services.servers, services.bans, services.reports, ...kept]) await part.forget(server);
    await services.events.leave(server);
    await services.jobs.leave(server);
  };
  const move = async (from: Server, to: Server): Promise<void> => {
    const { servers, bans, reports, events } = services;
    for (const part of [servers, bans, reports, events, ...kept]) await part.move(from, to);
  };
  return {
    gone: (from) => quietly('gone', 'server' in from ? leave(from.server) : services.forget(from.member)),
    moved: (from, to) => quietly('moved', move(from, to)),
  };
}

/** Options whose words hold no control and no invisible character. */
function cleanOptions(options: OptionValues): OptionValues {
  const entries = Object.entries(options);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === 'string' ? cleanText(value) : value]),
  );
}

/** What is under way. */
function createBusy() {
  const all = new Set<Promise<unknown>>();
  return {
    track<Value>(work: Promise<Value>): Promise<Value> {
      const done: Promise<unknown> = work.catch(() => undefined).finally(() => all.delete(done));
      all.add(done);
      return work;
    },
    /** Resolves when nothing is. */
    async over(): Promise<void> {
      while (all.size > 0) await Promise.all(all);
    },
  };
}

function findCommand(commands: readonly Command[], name: string): Command {
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) throw new LikenessError('command-unknown', { given: name });
  return command;
}
