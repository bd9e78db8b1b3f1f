import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitsOf } from '../../src/members/servers.js';
import { community } from './community.js';

const admin = { admin: true, roles: ['4001'] } as const;
const smiling = { prompt: 'smiling' } as const;

test('an administrator sees, changes and takes back what the server allows', async () => {
  const { say } = community();
  assert.match(
    await say('settings', {}, admin),
    /^Settings of this server[^]*\nchannels: any\nroles: any\nmember-hour: no limit/,
  );
  const changed = await say('settings', { 'member-day': 5, 'blocked-words': 'clown, red nose', language: 'EN' }, admin);
  assert.match(changed, /^Done\.[^]*\nmember-day: 5\n[^]*\nlanguage: en\nblocked-words: clown, red nose$/);
  assert.match(await say('settings', {}, admin), /\nmember-day: 5\n/);
  const lifted = await say('settings', { 'member-day': '0', 'blocked-words': 'none', language: 'auto' }, admin);
  assert.match(lifted, /\nmember-day: no limit\n[^]*\nlanguage: auto\nblocked-words: none$/);
  await say('settings', { 'largest-count': 2 }, admin);
  assert.match(await say('settings', { reset: true }, admin), /^Done\.[^]*\nlargest-count: no limit\n/);
});

test('nobody else sees or changes them, and in private there are none', async () => {
  const { say, servers } = community();
  assert.match(await say('settings'), /^Only those who may manage this server/);
  assert.match(await say('settings', { 'member-day': 1 }), /^Only those who may manage this server/);
  const alone = { place: { kind: 'direct', id: 'ann' }, admin: true } as const;
  assert.match(await say('settings', { 'member-day': 1 }, alone), /^Settings belong to a server or a group/);
  assert.equal((await servers.settings({ platform: 'web', id: 'club' })).memberPerDay, undefined);
});

test('albums are made in the allowed channels only, and in private all the same', async () => {
  const { say, request } = community();
  const art = { kind: 'group', id: '3001', server: 'club' } as const;
  const changed = await say('settings', { channels: '<#3001>, 3002' }, admin);
  assert.match(changed, /\nchannels: 3001, 3002\n/);
  assert.match((await request(smiling)) ?? '', /^I make no portraits in this channel/);
  assert.equal(await request(smiling, { place: art }), undefined);
  assert.equal(await request(smiling, { place: { kind: 'direct', id: 'ann' } }), undefined);
  assert.equal(await request(smiling, { place: { ...art, id: '1', server: 'other' } }), undefined);
  await say('settings', { channels: 'here' }, { ...admin, place: { ...art, id: '3009' } });
  assert.match((await request(smiling, { place: art })) ?? '', /^I make no portraits in this channel/);
  await say('settings', { channels: 'any' }, admin);
  assert.equal(await request(smiling), undefined);
});

test('one of the named roles is enough; where there are none, none can be required', async () => {
  const { say, request } = community();
  await say('settings', { roles: '<@&4001> 4002' }, admin);
  assert.match((await request(smiling)) ?? '', /^This server lets only members with certain roles/);
  assert.match((await request(smiling, { roles: ['4003'] })) ?? '', /certain roles/);
  assert.equal(await request(smiling, { roles: ['4003', '4002'] }), undefined);
  assert.match(await say('settings', { roles: '4001' }, { admin: true }), /^There are no roles in this chat/);
});

test('the largest album and the blocked words hold, each with a sentence', async () => {
  const { say, request } = community();
  await say('settings', { 'largest-count': 3, 'blocked-words': 'Clown' }, admin);
  assert.equal(
    await request(smiling),
    'This server allows at most 3 portraits in an album; 4 is more. Please ask for fewer.',
  );
  assert.equal(await request({ ...smiling, count: 3 }), undefined);
  assert.equal(
    await request({ prompt: 'as a C1own', count: 1 }),
    'This server does not allow “Clown” in a description. Please leave it out.',
  );
});

test('what cannot be read changes nothing', async () => {
  const { say } = community();
  assert.match(await say('settings', { channels: '#general' }, admin), /^“#general” does not fit the option channels/);
  assert.match(await say('settings', { 'server-day': -1 }, admin), /^A limit goes from 0 to 1000000/);
  assert.match(await say('settings', { language: 'tlh', 'member-day': 3 }, admin), /^I do not know the language “tlh”/);
  assert.match(await say('settings', {}, admin), /\nmember-day: no limit\n/);
});

test('words are refused before a photo is read, and wherever they are said', async () => {
  const { request, errors } = community();
  const alone = { place: { kind: 'direct', id: 'ann' } } as const;
  assert.equal(await request({ prompt: 'nude' }), 'I make no sexualised pictures of anyone. Please use other words.');
  assert.match(
    (await request({ prompt: 'k1d in a b1kini' }, alone)) ?? '',
    /^I make no pictures that sexualise a child/,
  );
  assert.match((await request({ prompt: 'n a z i' }, alone)) ?? '', /^I make no hateful pictures/);
  assert.deepEqual(errors, []);
});

test('a server that allows some styles has no others, chosen or written, in albums and in events', async () => {
  const { say, request, event } = community();
  assert.match(
    await say('settings', { styles: 'Neon, pencil drawing' }, admin),
    /“pencil drawing” is not a style I know/,
  );
  assert.match(await say('settings', { styles: 'Neon, pencil sketch' }, admin), /\nstyles: neon, pencil sketch\n/);
  const refused = /does not allow the style watercolour\. It allows: neon, pencil sketch\./;
  assert.match((await request({ prompt: 'smiling', style: 'watercolour' })) ?? '', refused);
  assert.match((await request({ prompt: 'smiling, WaterColour' })) ?? '', refused);
  assert.match(await event({ do: 'create', style: 'watercolour' }, admin), refused);
  assert.equal(await request({ prompt: 'smiling', style: 'neon' }), undefined);
  await say('settings', { styles: 'any' }, admin);
  assert.equal(await request({ prompt: 'smiling', style: 'watercolour' }), undefined);
});

test('a role has its own number of albums a day, and of several the highest counts', async () => {
  const { say, servers } = community();
  const club = { platform: 'web', id: 'club' } as const;
  await say('settings', { role: '<@&4001>', 'member-day': 20 }, admin);
  const shown = await say('settings', { role: '4002', 'member-day': 5, 'server-day': 50 }, admin);
  assert.match(shown, /\nserver-day: 50\n[^]*\nrole:4001 member-day: 20\nrole:4002 member-day: 5\n/);
  assert.match(await say('settings', { 'member-day': 3 }, admin), /\nmember-day: 3\n[^]*\nrole:4001 member-day: 20\n/);
  const perDay = async (roles?: readonly string[]) => limitsOf(await servers.settings(club), roles).here?.day;
  assert.deepEqual(
    [await perDay(), await perDay(['9']), await perDay(['4002']), await perDay(['4002', '4001'])],
    [3, 3, 5, 20],
  );
  assert.doesNotMatch(await say('settings', { role: '4001', 'member-day': 0 }, admin), /4001/);
  assert.equal(await perDay(['4001']), 3);
  assert.match(await say('settings', { role: '4001' }, admin), /does not fit the option member-day/);
  assert.match(await say('settings', { role: 'any', 'member-day': 1 }, admin), /does not fit the option role/);
  assert.match(
    await say('settings', { role: '4001', 'member-day': 1 }, { admin: true }),
    /^There are no roles in this/,
  );
});

test('what new members may ask for together is no limit until it is set', async () => {
  const { say } = community();
  assert.match(await say('settings', {}, admin), /\nnewcomers: no limit\n/);
  assert.match(await say('settings', { newcomers: 4 }, admin), /\nnewcomers: 4\n/);
});
