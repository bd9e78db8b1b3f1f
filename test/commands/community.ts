import assert from 'node:assert/strict';
import { Keyv } from 'keyv';
import { commands } from '../../commands/index.js';
import type { Samples } from '../../commands/samples.js';
import { createHost } from '../../src/host.js';
import type { JobDraft } from '../../src/jobs/job.js';
import { createMembers } from '../../src/members/members.js';
import { createServers } from '../../src/members/servers.js';
import type { Attachment, Invocation, OptionValues } from '../../src/platforms/platform.js';
import { createPromptFilter } from '../../src/safety/prompt-filter.js';
import { NO_GLOSSARY } from '../../src/glossary.js';
import { languages, translator } from '../../src/texts.js';
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
export function community(samples: Samples = { sheets: async () => [] }, whispers = true) {
  const platform = createRecordingPlatform(whispers);
  const facts = new Keyv();
  const [members, servers] = [createMembers(facts), createServers(facts)];
  const drafts: JobDraft[] = [];
  const errors: unknown[] = [];
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
    presets: testPresets,
    jobs,
    limits: { usage: unused },
    members,
    servers,
    samples,
    words: createPromptFilter(),
    photos: { keep: async () => 'photo', wipe: async () => undefined },
    commands,
    glossary: NO_GLOSSARY,
    languages,
    translate: translator,
    forget: unused,
  };
  const host = createHost({
    platforms: new Map([['web', platform]]),
    services,
    onError: (error) => void errors.push(error),
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
    /** What a member is answered to a command. */
    say: (command: string, options: OptionValues = {}, someone: Someone = {}) =>
      invoke({ command, options, attachments: [] }, someone),
    /** The refusal of a wish for an album; undefined when the wish became a draft of a job. */
    async wish(options: OptionValues, someone: Someone = {}): Promise<string | undefined> {
      const before = drafts.length;
      const text = await invoke({ command: 'portrait', options, attachments: [photo] }, someone);
      return drafts.length > before ? undefined : text;
    },
  };
}
