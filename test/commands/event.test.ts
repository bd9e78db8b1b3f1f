import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NO_SAMPLES } from '../../src/media/samples.js';
import { createTestEngine } from '../fakes/engine.js';
import { community, type Someone } from './community.js';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const moderator: Someone = { id: 'mod', admin: true };
const create = { do: 'create', title: 'Sketches', style: 'pencil sketch', hours: 2 };

/** A community whose accepted entries are made by `make`. */
async function open(options: Readonly<Record<string, string | number | boolean>> = create) {
  const world = community();
  const said = await world.event(options, moderator);
  const engine = createTestEngine();
  let made = 0;
  const make = async (): Promise<void> => {
    for (const draft of world.drafts.slice(made)) {
      made++;
      const context = { signal: new AbortController().signal, onProgress: () => undefined };
      const album = await engine.portrait({ ...draft.parameters, photos: [] }, context);
      const rest = { state: 'running', sequence: 1, acceptedAt: 0, attempts: 1, cancelRequested: false } as const;
      await world.events.keep({ ...draft, id: draft.key, ...rest }, album);
    }
  };
  const join = async (id: string, name = id): Promise<string> => {
    const answer = await world.event({ do: 'join', agree: true, name }, { id });
    await make();
    return answer;
  };
  const keptPortraits = async (): Promise<number> => {
    const found = await world.events.find({ platform: 'web', id: 'club' }).catch(() => undefined);
    return found?.entries.filter(({ portrait }) => portrait).length ?? 0;
  };
  return { ...world, said, make, join, keptPortraits };
}

test('an event is created by moderators only, once, and posted for everyone', async () => {
  const { said, event, say, platform } = await open();
  assert.equal(said, 'Done: “Sketches” is open.');
  await platform.untilPost(/Sketches[^]*Theme: pencil sketch[^]*Entries: 0 of 100 · Votes: 0/);
  assert.match(await event(create, { id: 'ann' }), /Only those who may manage/);
  assert.match(await event(create, moderator), /There is an event here already/);
  assert.match(await say('event', {}, { place: { kind: 'direct', id: 'ann' } }), /belong to a server/);
});

test('a theme was told by its words alone: a picture of its style is posted below', async () => {
  const tile = async (_: string, name: string) => (name === 'pencil sketch' ? Uint8Array.of(1) : undefined);
  const { event, platform } = community({ ...NO_SAMPLES, tile });
  await event(create, moderator);
  const { text, pictures } = [...platform.posts.values()].at(-1) ?? {};
  assert.deepEqual([text, pictures?.length], ['Theme: pencil sketch', 1]);
});

test('an event nobody would see is not created', async () => {
  const world = community();
  world.platform.close({ at: '1' });
  assert.match(await world.event(create, moderator), /I may not write here/);
  assert.match(await world.event({ do: 'status' }), /There is no event here/);
});

test('joining says what happens to the portrait first, and makes one picture by the theme', async () => {
  const { event, drafts, make, errors, platform } = await open();
  assert.match(await event({ do: 'join' }), /kept encrypted until a day after the end/);
  assert.equal(drafts.length, 0);
  await event({ do: 'join', agree: true, name: 'Ann' });
  assert.deepEqual(drafts[0]?.parameters.prompt, 'pencil sketch');
  assert.equal(drafts[0]?.parameters.count, 1);
  await make();
  await platform.untilPost(/Entries: 1 of 100/);
  assert.match(await event({ do: 'join', agree: true }), /You have an entry already/);
  assert.deepEqual(errors, []);
});

test('the name and the title of a member’s choice stay in their line, and name nobody else', async () => {
  const { event, join, platform } = await open({ ...create, title: 'Sketches\n<@123456789012345678> wins' });
  await join('ann', 'Ann\n</moderate ban:12>');
  await platform.untilPost(/Sketches @123456789012345678 wins[^]*Entries: 1 of 100/);
  await event({ do: 'vote', number: 1 }, { id: 'bob' });
  await event({ do: 'end' }, moderator);
  await platform.untilPost(/🏆 No\. 1 · Ann \/moderate ban:12, with 1 vote/);
});

test('votes: one each, not for oneself, changeable, and gone with a withdrawn entry', async () => {
  const { event, join, platform } = await open();
  await join('ann');
  await join('bob');
  assert.match(await event({ do: 'vote', number: 1 }, { id: 'ann' }), /your own entry/);
  assert.match(await event({ do: 'vote', number: 1 }, { id: 'cat' }), /Your vote is for number 1/);
  await event({ do: 'vote', number: 2 }, { id: 'cat' });
  await platform.untilPost(/Entries: 2 of 100 · Votes: 1/);
  assert.match(await event({ do: 'withdraw' }, { id: 'bob' }), /deleted/);
  await platform.untilPost(/Entries: 1 of 100 · Votes: 0/);
  assert.match(await event({ do: 'vote', number: 2 }, { id: 'cat' }), /no entry number 2 any more/);
  assert.match(await event({ do: 'withdraw' }, { id: 'bob' }), /You have no entry/);
});

test('an entry could be taken back in its group alone: alone with the bot its member takes it back as well', async () => {
  const { event, join } = await open();
  const alone: Someone = { id: 'ann', place: { kind: 'direct', id: 'ann' } };
  assert.match(await event({ do: 'withdraw' }, alone), /belong to a server/);
  await join('ann');
  assert.match(await event({ do: 'status' }, alone), /belong to a server/);
  assert.match(await event({ do: 'withdraw' }, alone), /Your entry and its portrait are deleted/);
  assert.match(await event({ do: 'status' }), /Entries: 0 of 100/);

  const elsewhere = { kind: 'group', id: 'hall', server: 'other' } as const;
  await event({ ...create, title: 'Masks' }, { ...moderator, place: elsewhere });
  await join('ann');
  await event({ do: 'join', agree: true }, { id: 'ann', place: elsewhere });
  const which = await event({ do: 'withdraw' }, alone);
  assert.match(which, /You take part in several events: “Sketches”, “Masks”/);
  assert.match(await event({ do: 'withdraw' }, { id: 'ann', place: elsewhere }), /deleted/);
  assert.match(await event({ do: 'withdraw' }, alone), /deleted/);
});

test('a full event takes nobody more', async () => {
  const { join } = await open({ ...create, entries: 2 });
  await join('ann');
  await join('bob');
  assert.match(await join('cat'), /The event is full: it has room for 2 entries/);
});

test('an entry whose album failed makes room for another try', async () => {
  const { event, drafts, fail, events } = await open();
  await event({ do: 'join', agree: true });
  const [draft] = drafts;
  assert.ok(draft);
  fail(draft);
  await events.sweep();
  assert.doesNotMatch(await event({ do: 'join', agree: true }), /already/);
  assert.equal(drafts.length, 2);
});

test('a deadline that passes ends the event, tells the winner with all entries, and deletes everything a day later', async () => {
  const { event, join, events, advance, platform, facts } = await open();
  for (const id of ['ann', 'bob']) await join(id);
  await event({ do: 'vote', number: 2 }, { id: 'ann' });
  advance(3 * HOUR);
  await events.sweep();
  const last = [...platform.posts.values()].at(-1);
  assert.match(last?.text ?? '', /Sketches is over[^]*🏆 No\. 2 · bob, with 1 vote/);
  assert.equal(last?.pictures?.length, 1);
  assert.match(await event({ do: 'join', agree: true }, { id: 'cat' }), /The event is over/);
  assert.match(await event({ do: 'vote', number: 1 }, { id: 'cat' }), /The event is over/);
  assert.match(await event({ do: 'end' }, moderator), /The event is over/);
  await events.sweep();
  assert.equal(platform.posts.size, 2, 'the winners are told once');
  advance(-2 * DAY);
  await events.sweep();
  assert.match(await event({ do: 'status' }), /over/, 'a clock set back reopens nothing');
  advance(4 * DAY);
  await events.sweep();
  assert.match(await event({ do: 'status' }), /There is no event here/);
  assert.equal(await facts.get('event:web:club'), undefined);
});

test('a chat that is slow to be told who won held up the ends of all other events, and whatever else falls due', async () => {
  const { event, events, advance, platform } = await open();
  const place = { kind: 'group', id: 'hall', server: 'other' } as const;
  await event({ ...create, title: 'Oils' }, { ...moderator, place });
  const release = platform.holdPosts(/Sketches is over/);
  advance(3 * HOUR);
  const first = events.sweep();
  await platform.untilPost(/Oils is over/);
  await events.sweep();
  release();
  await first;
  await platform.untilPost(/Sketches is over/);
  assert.equal([...platform.posts.values()].filter(({ text }) => text.includes('Sketches is over')).length, 1);
});

test('of two ends at once one ends it, the other is refused, and the winners are told once', async () => {
  const { event, join, platform } = await open();
  await join('ann');
  const answers = await Promise.all([event({ do: 'end' }, moderator), event({ do: 'end' }, moderator)]);
  assert.equal(answers.filter((answer) => answer.includes('“Sketches” is over')).length, 1, answers.join('\n'));
  assert.equal(answers.filter((answer) => answer === 'The event is over.').length, 1);
  assert.equal(platform.posts.size, 2);
});

test('an event all of whose entries were withdrawn ends without a winner', async () => {
  const { event, join, platform } = await open();
  await join('ann');
  await event({ do: 'withdraw' }, { id: 'ann' });
  await event({ do: 'end' }, moderator);
  await platform.untilPost(/There is no entry left, so nobody wins/);
});

test('a moderator who lost the role may not end the event', async () => {
  const { event } = await open();
  assert.match(await event({ do: 'end' }, { id: 'mod', admin: false }), /Only those who may manage/);
});

test('a post that was deleted is posted anew; in a channel that is gone the event goes on and ends', async () => {
  const { event, join, platform, errors } = await open();
  platform.posts.clear();
  await join('ann');
  await platform.untilPost(/Entries: 1/);
  platform.close({ at: '1' });
  await join('bob');
  assert.match(await event({ do: 'status' }), /Entries: 2/);
  assert.match(await event({ do: 'end' }, moderator), /is over/);
  assert.deepEqual(errors, []);
});

test('a blind event hides names until its end', async () => {
  const { event, join, events, platform } = await open({ ...create, blind: true });
  await join('ann', 'Ann Marie');
  const found = await events.find({ platform: 'web', id: 'club' });
  await platform.untilPost(/Names stay hidden/);
  assert.equal(found.entries[0]?.name, 'Ann Marie');
  await event({ do: 'vote', number: 1 }, { id: 'bob' });
  await event({ do: 'end' }, moderator);
  await platform.untilPost(/No\. 1 · Ann Marie/);
});

test('forgetting a member deletes their entry, its portrait and their vote', async () => {
  const { event, join, events, facts, platform } = await open();
  await join('ann');
  await join('bob');
  await event({ do: 'vote', number: 2 }, { id: 'ann' });
  const before = await events.find({ platform: 'web', id: 'club' });
  const id = before.entries[0]?.portrait?.id ?? '';
  assert.notEqual(await facts.get(`portrait:${id}`), undefined);
  await events.forget({ platform: 'web', id: 'ann' });
  await platform.untilPost(/Entries: 1 of 100 · Votes: 0/);
  assert.equal(await facts.get(`portrait:${id}`), undefined);
});

test('a server the bot is taken out of loses its event and every portrait', async () => {
  const { host, join, keptPortraits, facts, event } = await open();
  await join('ann');
  assert.equal(await keptPortraits(), 1);
  await host.gone({ server: { platform: 'web', id: 'club' } });
  assert.match(await event({ do: 'status' }), /There is no event here/);
  assert.deepEqual(await facts.get('events'), []);
});

test('five hundred who join within a minute find room in their order, and one post tells of it', async () => {
  const { event, drafts, platform } = await open();
  const ids = Array.from({ length: 500 }, (_, index) => `member-${index}`);
  const answers = await Promise.all(ids.map((id) => event({ do: 'join', agree: true }, { id })));
  assert.equal(drafts.length, 100);
  assert.equal(answers.filter((answer) => answer.includes('The event is full')).length, 400);
  assert.equal(platform.posts.size, 1);
});
