import assert from 'node:assert/strict';
import { NO_SAMPLES } from '../../src/media/samples.js';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import type { Command, CommandServices } from '../../commands/command.js';
import type { Invocation } from '../../src/chat/invocation.js';
import type { PlatformName } from '../../src/chat/member.js';
import type { ChatPlatform } from '../../src/chat/platform.js';
import { IN_MEMORY, openDatabase } from '../../src/data/database.js';
import { createFactPause } from '../../src/data/pause.js';
import { createPending } from '../../src/data/pending.js';
import { createHost } from '../../src/host/host.js';
import type { Jobs } from '../../src/jobs/jobs.js';
import { NO_GLOSSARY } from '../../src/language/glossary.js';
import { languages, translator } from '../../src/language/texts.js';
import { createBans } from '../../src/members/bans.js';
import { createMembers } from '../../src/members/members.js';
import { createReports } from '../../src/members/reports.js';
import { createServers } from '../../src/members/servers.js';
import { eventsOn } from '../fakes/events.js';
import { createRecordingPlatform } from '../fakes/platform.js';
import { testPresets } from '../fakes/presets.js';

const member = { platform: 'web', id: 'ann' } as const;

function world(run: Command['run'], jobs: Partial<Jobs> = {}, database = openDatabase(IN_MEMORY)) {
  const platform = createRecordingPlatform();
  const errors: unknown[] = [];
  const members = createMembers(new Keyv());
  const servers = createServers(new Keyv());
  const command: Command = { name: 'reset', description: 'commands.help.description', options: [], run };
  const unused = async () => assert.fail('not to be called');
  const services: CommandServices = {
    presets: testPresets,
    glossary: NO_GLOSSARY,
    jobs: { submit: unused, cancel: unused, overview: unused, forget: unused, leave: unused, ...jobs },
    limits: { usage: unused },
    members,
    servers,
    events: eventsOn(new Keyv()),
    bans: createBans(new Keyv()),
    pause: createFactPause(new Keyv()),
    isOwner: async () => false,
    reports: createReports(new Keyv(), new Map()),
    samples: NO_SAMPLES,
    words: { check: () => undefined },
    photos: { keep: unused, wipe: unused },
    commands: [command],
    languages,
    translate: translator,
    forget: unused,
  };
  const platforms = new Map<PlatformName, ChatPlatform>([['web', platform]]);
  const host = createHost({
    platforms,
    services,
    interrupted: {
      pending: createPending(database),
      isAccepted: async ({ key }) => key === 'accepted',
    },
    watchQueue: () => () => undefined,
    onError: (error) => void errors.push(error),
  });
  const invoke = async (name: string, changes: Partial<Invocation> = { locale: 'en' }) => {
    const invocation: Invocation = {
      key: name,
      member,
      place: { kind: 'direct', id: 'ann' },
      standing: { mayAdminister: async () => false },
      command: name,
      options: {},
      attachments: [],
      address: { at: name },
      ...changes,
    };
    await host.invoke(invocation);
    return platform.shown(invocation.address);
  };
  return { host, platform, errors, members, servers, invoke };
}

test('an invocation is acknowledged before its command runs', async () => {
  const { invoke } = world(async ({ reply }) => reply.say('done'));
  assert.deepEqual(await invoke('reset'), [{ kind: 'acknowledged' }, { kind: 'text', text: 'done' }]);
});

test('an unexpected error reaches the log with its words, and the member without them', async () => {
  const failure = new TypeError('secret.txt is not iterable');
  const { errors, invoke } = world(async () => Promise.reject(failure));
  const shown = (await invoke('reset')).at(-1);
  assert.ok(shown?.kind === 'refusal');
  assert.doesNotMatch(shown.text, /secret/);
  assert.deepEqual(errors, [failure]);
});

test('an unknown command and a closed host are refused in a sentence, and are no errors', async () => {
  const { host, errors, invoke } = world(async ({ reply }) => reply.say('done'));
  const unknown = (await invoke('dance')).at(-1);
  assert.ok(unknown?.kind === 'refusal');
  assert.match(unknown.text, /no command \/dance/);
  await host.close();
  const closed = (await invoke('reset')).at(-1);
  assert.ok(closed?.kind === 'refusal');
  assert.match(closed.text, /being stopped/);
  assert.deepEqual(errors, []);
});

test('consent given on a platform is kept; cancelling names job and member', async () => {
  const cancelled: unknown[] = [];
  const cancel = async (...given: unknown[]) => void cancelled.push(given);
  const { host, members } = world(async () => undefined, { cancel });
  await host.consent(member);
  assert.equal(await members.hasConsented(member), true);
  await host.cancel('job-1', member);
  assert.deepEqual(cancelled, [['job-1', member]]);
});

test('a member is answered in the language they chose, else in their app’s', async () => {
  const spoken: (string | undefined)[] = [];
  const { members, invoke } = world(async ({ invocation }) => void spoken.push(invocation.locale));
  await invoke('reset');
  await members.chooseLanguage(member, 'de');
  await invoke('reset');
  await members.chooseLanguage(member, undefined);
  await invoke('reset');
  assert.deepEqual(spoken, ['en', 'de', 'en']);
});

test('a member whose language is not known is answered in their server’s', async () => {
  const spoken: (string | undefined)[] = [];
  const { members, servers, invoke } = world(async ({ invocation }) => void spoken.push(invocation.locale));
  const place = { kind: 'group', id: 'general', server: 'club' } as const;
  await servers.change({ platform: 'web', id: 'club' }, { language: 'fr' });
  await invoke('reset', { place });
  await invoke('reset', { place, locale: 'en' });
  await invoke('reset', {});
  await members.chooseLanguage(member, 'de');
  await invoke('reset', { place });
  assert.deepEqual(spoken, ['fr', 'en', undefined, 'de']);
});

test('a server that is gone loses its settings and jobs, a member all there is; trouble reaches the log only', async () => {
  const left: unknown[] = [];
  const leave = async (server: unknown) => void left.push(server);
  const { host, errors, servers } = world(async () => undefined, { leave });
  const [server, heir] = [{ platform: 'web', id: 'club' } as const, { platform: 'web', id: 'heir' } as const];
  await servers.change(server, { memberPerDay: 3 });
  await host.moved(server, heir);
  assert.equal((await servers.settings(server)).memberPerDay, undefined);
  assert.equal((await servers.settings(heir)).memberPerDay, 3);
  await host.gone({ server: heir });
  assert.equal((await servers.settings(heir)).memberPerDay, undefined);
  assert.deepEqual(left, [heir]);
  assert.deepEqual(errors, []);
  await host.gone({ member });
  assert.equal(errors.length, 1, 'forgetting a member is not to be called in this world');
});

test('closing waits for the requests that are being answered', async () => {
  const order: string[] = [];
  let answered = (): void => undefined;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const { host, invoke } = world(async () => {
    begin();
    await new Promise<void>((resolve) => (answered = resolve));
    order.push('answered');
  });
  const answering = invoke('reset');
  await begun;
  const closed = host.close().then(() => order.push('closed'));
  answered();
  await Promise.all([answering, closed]);
  assert.deepEqual(order, ['answered', 'closed']);
});

test('a NUL or a turned direction in a member’s words reaches no command', async () => {
  const { invoke } = world(async ({ invocation, reply }) => reply.say(JSON.stringify(invocation.options)));
  const shown = await invoke('reset', { options: { name: 'x\0y\u202e', count: 2 } });
  assert.deepEqual(shown.at(-1), { kind: 'text', text: '{"name":"x y","count":2}' });
});

test('a request that a killed program had acknowledged is answered by its next run, once, in the member’s language', async () => {
  const database = openDatabase(IN_MEMORY);
  const killed = world(() => new Promise(() => undefined), {}, database);
  void killed.invoke('reset', { locale: 'en', key: 'a', address: { at: 'first' } });
  void killed.invoke('reset', { locale: 'de', key: 'b', address: { at: 'second' } });
  void killed.invoke('reset', { locale: 'en', key: 'accepted', address: { at: 'third' } });
  const next = world(async ({ reply }) => reply.say('done'), {}, database);
  await next.host.tellInterrupted();
  assert.deepEqual(next.platform.shown({ at: 'first' }), [
    { kind: 'refusal', text: translator('en')('errors.interrupted') },
  ]);
  assert.deepEqual(next.platform.shown({ at: 'second' }), [
    { kind: 'refusal', text: translator('de')('errors.interrupted') },
  ]);
  assert.deepEqual(next.platform.shown({ at: 'third' }), [], 'its job answers');
  await next.host.tellInterrupted();
  assert.equal(next.platform.shown({ at: 'first' }).length, 1);
});

test('what was answered, or is being answered, is told nobody as interrupted', async () => {
  const database = openDatabase(IN_MEMORY);
  const before = world(async ({ reply }) => reply.say('done'), {}, database);
  await before.invoke('reset', { address: { at: 'answered' } });
  const next = world(() => new Promise(() => undefined), {}, database);
  void next.invoke('reset', { address: { at: 'busy' } });
  await next.host.tellInterrupted();
  assert.deepEqual(next.platform.shown({ at: 'answered' }), []);
  assert.deepEqual(next.platform.shown({ at: 'busy' }), [{ kind: 'acknowledged' }]);
});
