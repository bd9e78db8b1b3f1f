import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { closeDatabase, IN_MEMORY, openDatabase } from '../../src/data/database.js';
import { dropExpiredFacts, openFacts } from '../../src/data/facts.js';
import { CONSENT_VERSION, createMembers } from '../../src/members/members.js';
import { temporaryFolder } from '../temporary-folder.js';

const ann = { platform: 'discord', id: '1' } as const;
const namesake = { platform: 'telegram', id: '1' } as const;

test('what is known of a member outlives a restart and is theirs alone', async () => {
  const file = join(temporaryFolder(), 'likeness.db');
  const first = openDatabase(file);
  const before = createMembers(openFacts(first));
  await before.consent(ann);
  await before.chooseLanguage(ann, 'de');
  await before.optOut(ann, true);
  closeDatabase(first);
  const second = openDatabase(file);
  const members = createMembers(openFacts(second));
  const known = async (member: typeof ann | typeof namesake) => [
    await members.hasConsented(member),
    await members.language(member),
    await members.hasOptedOut(member),
  ];
  assert.deepEqual(await known(ann), [true, 'de', true]);
  assert.deepEqual(await known(namesake), [false, undefined, false]);
  await members.forget(ann);
  assert.deepEqual(await known(ann), [false, undefined, true], 'only the request not to be portrayed stays');
  await members.optOut(ann, false);
  assert.deepEqual(second.prepare('SELECT key FROM facts').all(), []);
  closeDatabase(second);
});

test('consent to an earlier version is none', async () => {
  const facts = openFacts(openDatabase(IN_MEMORY));
  const members = createMembers(facts);
  await facts.set('member:discord:1:consent', CONSENT_VERSION - 1);
  assert.equal(await members.hasConsented(ann), false);
  await members.consent(ann);
  assert.equal(await members.hasConsented(ann), true);
});

test('a fact with an end is gone from the file after it', async () => {
  let now = Date.now();
  const database = openDatabase(IN_MEMORY);
  const facts = openFacts(database, { now: () => now });
  await facts.set('short', 1, 1000);
  await facts.set('long', 2);
  now += 1000;
  await facts.set('other', 3);
  dropExpiredFacts(database, now);
  assert.deepEqual(database.prepare('SELECT key FROM facts ORDER BY key').all(), [{ key: 'long' }, { key: 'other' }]);
  await facts.clear();
  assert.equal(await facts.get('long'), undefined);
});
