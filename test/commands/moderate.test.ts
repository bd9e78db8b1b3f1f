import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createTestEngine } from '../fakes/engine.js';
import { community, type Someone } from './community.js';

const moderator: Someone = { id: 'mod', admin: true };

test('a banned member asks for nothing in that server, whatever its settings, until the ban is lifted', async () => {
  const { say, request } = community();
  assert.match(await say('moderate', { do: 'ban', member: 'ann' }, moderator), /^Done: ann can ask for nothing here/);
  assert.match((await request({ prompt: 'smiling' })) ?? '', /moderators of this server do not let you/);
  assert.match(await say('event'), /moderators of this server do not let you/);
  assert.equal(await request({ prompt: 'smiling' }, { id: 'bob' }), undefined);
  assert.equal(await request({ prompt: 'smiling' }, { place: { kind: 'direct', id: 'ann' } }), undefined);
  assert.equal(await request({ prompt: 'smiling' }, { place: { kind: 'group', id: 'x', server: 'other' } }), undefined);
  await say('settings', { reset: true }, moderator);
  assert.match((await request({ prompt: 'smiling' })) ?? '', /do not let you/, 'no setting taken back lifts a ban');
  assert.match(await say('moderate', { do: 'unban', member: 'ann' }, moderator), /may ask for portraits here again/);
  assert.equal(await request({ prompt: 'smiling' }), undefined);
  assert.match(await say('moderate', { do: 'unban', member: 'ann' }, moderator), /was not banned/);
});

test('a mention, an id and an entry’s number name a member; their entry goes with them', async () => {
  const { say, event, request, events } = community();
  await say('moderate', { do: 'ban', member: '<@123456789012345678>' }, moderator);
  assert.match((await request({ prompt: 'smiling' }, { id: '123456789012345678' })) ?? '', /do not let you/);
  await event({ do: 'create', style: 'neon' }, moderator);
  await event({ do: 'join', agree: true }, { id: 'bob' });
  assert.match(await say('moderate', { do: 'ban', number: 1 }, moderator), /^Done: bob/);
  assert.deepEqual((await events.find({ platform: 'web', id: 'club' })).entries, []);
  assert.match(await say('moderate', { do: 'ban', number: 1 }, moderator), /no entry number 1/);
  assert.match(await say('moderate', { do: 'ban' }, moderator), /does not fit the option member/);
  assert.match(await say('moderate', {}, moderator), /^Ban or unban a member: \/moderate ban/);
});

test('only those who may manage the server ban, and only in one', async () => {
  const { say } = community();
  assert.match(await say('moderate', { do: 'ban', member: 'bob' }), /Only those who may manage/);
  const place = { kind: 'direct', id: 'mod' } as const;
  assert.match(await say('moderate', { do: 'ban', member: 'bob' }, { ...moderator, place }), /belong to a server/);
});

test('a server that gets another id keeps its bans, one the bot is taken out of loses them', async () => {
  const { say, request, host } = community();
  await say('moderate', { do: 'ban', member: 'ann' }, moderator);
  const moved = { platform: 'web', id: 'hall' } as const;
  await host.moved({ platform: 'web', id: 'club' }, moved);
  const there: Someone = { place: { kind: 'group', id: 'general', server: 'hall' } };
  assert.equal(await request({ prompt: 'smiling' }), undefined);
  assert.match((await request({ prompt: 'smiling' }, there)) ?? '', /do not let you/);
  await host.gone({ server: moved });
  assert.equal(await request({ prompt: 'smiling' }, there), undefined);
});

test('a reported entry is shown to the moderators once, in the channel they chose', async () => {
  const { say, event, events, drafts, platform } = community();
  await event({ do: 'create', style: 'neon' }, moderator);
  await event({ do: 'join', agree: true }, { id: 'bob' });
  assert.match(await event({ do: 'report', number: 1 }), /no entry number 1/, 'not made yet');
  const [draft] = drafts;
  assert.ok(draft);
  const context = { signal: new AbortController().signal, onProgress: () => undefined };
  const album = await createTestEngine().portrait({ ...draft.parameters, photos: [] }, context);
  const rest = { state: 'running', sequence: 1, acceptedAt: 0, attempts: 1, cancelRequested: false } as const;
  await events.keep({ ...draft, id: draft.key, ...rest }, album);
  assert.match(await event({ do: 'report', number: 1 }), /have not chosen a place/);
  assert.match(await say('moderate', { do: 'reports' }, { id: 'ann' }), /Only those who may manage/);
  await say('moderate', { do: 'reports' }, moderator);
  for (const id of ['ann', 'cat']) assert.match(await event({ do: 'report', number: 1 }, { id }), /^Thank you/);
  const shown = [...platform.posts.values()].filter(({ text }) => text.includes('number 1 of'));
  assert.deepEqual(
    shown.map(({ pictures }) => pictures?.length),
    [1],
  );
  assert.doesNotMatch(shown[0]?.text ?? '', /ann|cat/);
  assert.match(await event({ do: 'report', number: 7 }), /no entry number 7/);
});

test('portraits that others see are shown to the moderators once, also when two report them at the same time', async () => {
  const { say, host, platform } = community();
  let read = 0;
  const picture = { name: 'a.jpg', type: 'image/jpeg', bytes: Uint8Array.of(1), description: '' } as const;
  const show = async () => ({ pictures: [picture], read: read++ });
  const report = (id: string, reporter = 'ann') =>
    host.report({
      reporter: { platform: 'web', id: reporter },
      server: 'club',
      what: { id, owner: 'bob', named: '@bob', show },
    });
  assert.match(await report('1'), /have not chosen a place/);
  await say('moderate', { do: 'reports' }, moderator);
  read = 0;
  assert.match(await report('1', 'bob'), /your own portraits/);
  for (const said of await Promise.all([report('1'), report('1', 'cat')])) assert.match(said, /^Thank you/);
  assert.match(await report('2'), /^Thank you/);
  assert.equal(read, 2);
  const shown = [...platform.posts.values()].filter(({ text }) => text.includes('Portraits by @bob'));
  assert.equal(shown.length, 2);
  assert.ok(shown.every(({ text, pictures }) => pictures?.length === 1 && !/ann|cat/.test(text)));
  await say('moderate', { do: 'ban', member: 'ann' }, moderator);
  assert.match(await report('3'), /do not let you/);
});

test('a server that gets another id keeps what was reported; one the bot is taken out of loses it', async () => {
  const { say, host, platform } = community();
  const report = (server: string) =>
    host.report({
      reporter: { platform: 'web', id: 'ann' },
      server,
      what: { id: '1', owner: 'bob', named: '@bob', show: async () => ({}) },
    });
  await say('moderate', { do: 'reports' }, moderator);
  await report('club');
  const moved = { platform: 'web', id: 'hall' } as const;
  await host.moved({ platform: 'web', id: 'club' }, moved);
  assert.match(await report('hall'), /^Thank you/);
  assert.equal(platform.posts.size, 1);
  await host.gone({ server: moved });
  assert.match(await report('hall'), /have not chosen a place/);
});

test('who runs the program stops portraits everywhere, from anywhere, and lets them be made again', async () => {
  const { say, event, request } = community();
  const owner: Someone = { id: 'owner', place: { kind: 'direct', id: 'owner' } };
  assert.match(await say('moderate', { do: 'pause' }, moderator), /^Only those who run this program/);
  await event({ do: 'create', style: 'neon' }, moderator);
  assert.match(await say('moderate', { do: 'pause' }, owner), /^Done: no portraits are accepted/);
  for (const someone of [{}, moderator, owner]) {
    assert.match((await request({ prompt: 'smiling' }, someone)) ?? '', /^Portraits are paused/);
  }
  assert.match(await event({ do: 'join', agree: true }), /^Portraits are paused/);
  assert.match(await say('moderate', { do: 'resume' }, { id: 'ann' }), /^Only those who run this program/);
  assert.match(await say('moderate', { do: 'resume' }, owner), /^Done: portraits are made again/);
  assert.equal(await request({ prompt: 'smiling' }), undefined);
});
