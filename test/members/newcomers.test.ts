import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import { createNewcomers } from '../../src/members/newcomers.js';

const HOUR = 60 * 60_000;
const club = { platform: 'discord', id: 'club' } as const;
const hall = { platform: 'discord', id: 'hall' } as const;
const ann = { platform: 'discord', id: 'ann' } as const;

function open() {
  let now = 1_800_000_000_000;
  const facts = new Keyv();
  const newcomers = createNewcomers(facts, () => now);
  return { facts, newcomers, advance: (milliseconds: number) => void (now += milliseconds) };
}

test('who asks is new in that server for an hour, however often they ask', async () => {
  const { facts, newcomers, advance } = open();
  assert.equal(await newcomers.isNew(club, 'ann'), true);
  await newcomers.note(club, 'ann');
  advance(HOUR - 1);
  await newcomers.note(club, 'ann');
  assert.equal(await newcomers.isNew(club, 'ann'), true);
  advance(1);
  assert.equal(await newcomers.isNew(club, 'ann'), false);
  assert.equal(await newcomers.isNew(hall, 'ann'), true);
  assert.equal(
    await createNewcomers(facts, () => 1_800_000_000_000 + HOUR).isNew(club, 'ann'),
    false,
    'after a restart',
  );
});

test('a server that moves keeps them; one that is left, and a member who wants it, is forgotten', async () => {
  const { facts, newcomers, advance } = open();
  for (const id of ['ann', 'bob']) await newcomers.note(club, id);
  advance(HOUR);
  await newcomers.places.move(club, hall);
  assert.deepEqual([await newcomers.isNew(hall, 'ann'), await newcomers.isNew(club, 'ann')], [false, true]);
  await newcomers.forget({ platform: 'telegram', id: 'ann' });
  assert.equal(await newcomers.isNew(hall, 'ann'), false, 'somebody else on another platform');
  await newcomers.forget(ann);
  assert.deepEqual([await newcomers.isNew(hall, 'ann'), await newcomers.isNew(hall, 'bob')], [true, false]);
  await newcomers.places.forget(hall);
  assert.equal(await newcomers.isNew(hall, 'bob'), true);
  assert.deepEqual(await facts.get('seen'), []);
});

test('many who come at once are all remembered', async () => {
  const { newcomers, advance } = open();
  const ids = Array.from({ length: 20 }, (_, index) => `m${index}`);
  await Promise.all(ids.map((id) => newcomers.note(club, id)));
  advance(HOUR);
  for (const id of ids) assert.equal(await newcomers.isNew(club, id), false);
});
