import assert from 'node:assert/strict';
import { Keyv } from 'keyv';
import type { CommandServices } from '../../commands/command.js';
import { commands } from '../../commands/index.js';
import type { Attachment, Invocation, OptionValues } from '../../src/chat/invocation.js';
import type { PlatformName } from '../../src/chat/member.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import type { Samples } from '../../src/chat/samples.js';
import { IN_MEMORY, openDatabase } from '../../src/data/database.js';
import { createFactPause } from '../../src/data/pause.js';
import { createPending } from '../../src/data/pending.js';
import { createHost } from '../../src/host/host.js';
import type { Job, JobDraft } from '../../src/jobs/job.js';
import { NO_GLOSSARY } from '../../src/language/glossary.js';
import { languages, translator } from '../../src/language/texts.js';
import { NO_SAMPLES } from '../../src/media/samples.js';
import { createBans } from '../../src/members/bans.js';
import { createMembers } from '../../src/members/members.js';
import { createReports } from '../../src/members/reports.js';
import { createServers } from '../../src/members/servers.js';
import { createPromptFilter } from '../../src/safety/prompt-filter.js';
import { eventsOn } from '../fakes/events.js';
import { createRecordingPlatform } from '../fakes/platform.js';
import { testPresets } from '../fakes/presets.js';

const photo: Attachment = { name: 'me.jpg', type: 'image/jpeg', size: 3, read: async () => Uint8Array.of(1, 2, 3) };

/** Somebody in a server, as a platform describes them. */
export interface Someone extends Partial<Pick<Invocation, 'place' | 'locale'>> {
  readonly id?: string;
  readonly roles?: readonly string[];
  readonly admin?: boolean;
}

/** Every command behind the real host, members' and servers' facts, and no engine: accepted drafts are kept. */
export function community(
  samples: Samples = NO_SAMPLES,
  whispers = true,
  { presets = testPresets, glossary = NO_GLOSSARY }: Partial<Pick<CommandServices, 'presets' | 'glossary'>> = {},
) {
  const platform = createRecordingPlatform(whispers);
  const facts = new Keyv();
  const [members, servers] = [createMembers(facts), createServers(facts)];
  const drafts: JobDraft[] = [];
  const errors: unknown[] = [];
  let now = Date.now();
  const platforms = new Map<PlatformName, ChatPlatform>([['web', platform]]);
  const onError = (error: unknown): void => void errors.push(error);
  const find = async ({ key }: Pick<JobDraft, 'key'>) => ended.get(key);
  const ended = new Map<string, Job>();
  const events = eventsOn(facts, { platforms, onError, jobs: { find }, now: () => now });
  const unused = async () => assert.fail('not to be called');
  const jobs = {
    submit: async (draft: JobDraft) => {
      drafts.push(draft);
      const begun = { state: 'queued', sequence: 1, acceptedAt: 0, attempts: 0, cancelRequested: false } as const;
      return { job: { ...draft, id: draft.key, ...begun }, created: true };
    },
    cancel: unused,
    overview: unused,
    forget: unused,
    leave: unused,
  };
  const services = {
    presets,
    jobs,
    limits: { usage: unused },
    members,
    servers,
    events,
    pause: createFactPause(facts),
    isOwner: async ({ member }: Pick<Invocation, 'member'>) => member.id === 'owner',
    bans: createBans(facts),
    reports: createReports(facts, platforms),
    samples,
    words: createPromptFilter(),
    photos: { keep: async () => 'photo', wipe: async () => undefined },
    commands,
    glossary,
    languages,
    translate: translator,
    forget: unused,
  };
  const host = createHost({
    platforms,
    services,
    interrupted: { pending: createPending(openDatabase(IN_MEMORY)), isAccepted: async () => false },
    watchQueue: () => () => undefined,
    onError,
    onRefused: () => undefined,
  });
  let count = 0;
  const invoke = async (said: Pick<Invocation, 'command' | 'options' | 'attachments'>, someone: Someone) => {
    const { id = 'ann', roles, admin = false, locale = 'en' } = someone;
    const { place = { kind: 'group', id: 'general', server: 'club' } } = someone;
    const member = { platform: 'web', id } as const;
    await members.consent(member);
    const address = { at: String(++count) };
    const standing = { ...(roles && { roles }), mayAdminister: async () => admin };
    await host.invoke({ ...said, key: address.at, member, place, standing, locale, address });
    const shown = platform.shown(address).at(-1);
    return shown && 'text' in shown ? shown.text : '';
  };
  return {
    servers,
    errors,
    events,
    facts,
    platform,
    host,
    drafts,
    /** Moves the clock that events go by. */
    advance: (milliseconds: number) => void (now += milliseconds),
    /** The job of a draft ended without an album. */
    fail(draft: JobDraft) {
      const rest = { state: 'failed', sequence: 1, acceptedAt: 0, attempts: 1, cancelRequested: false } as const;
      ended.set(draft.key, { ...draft, id: draft.key, ...rest });
    },
    /** Does what an event says, with a photo. */
    event: (options: OptionValues, someone: Someone = {}) =>
      invoke({ command: 'event', options, attachments: [photo] }, someone),
    /** What a member is answered to a command. */
    say: (command: string, options: OptionValues = {}, someone: Someone = {}) =>
      invoke({ command, options, attachments: [] }, someone),
    /** The refusal of a request for an album; undefined when the request became a draft of a job. */
    async request(options: OptionValues, someone: Someone = {}): Promise<string | undefined> {
      const before = drafts.length;
      const text = await invoke({ command: 'portrait', options, attachments: [photo] }, someone);
      return drafts.length > before ? undefined : text;
    },
  };
}
