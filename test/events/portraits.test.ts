import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import { closeDatabase, openDatabase } from '../../src/data/database.js';
import { openFacts } from '../../src/data/facts.js';
import { createKeptPortraits } from '../../src/events/portraits.js';
import { testVault } from '../contract/vault.js';
import { temporaryFolder } from '../temporary-folder.js';

const key = Buffer.alloc(32, 9);

testVault('kept portraits', () => createKeptPortraits({ facts: new Keyv(), key }));

test('a kept portrait outlives a restart, encrypted', async () => {
  const file = join(temporaryFolder(), 'likeness.db');
  const first = openDatabase(file);
  const facts = openFacts(first);
  const id = await createKeptPortraits({ facts, key }).put(Buffer.from('a face nobody else may see'));
  assert.ok(!Buffer.from((await facts.get<string>(`portrait:${id}`)) ?? '', 'base64').includes('face'));
  closeDatabase(first);
  const second = openDatabase(file);
  const found = await createKeptPortraits({ facts: openFacts(second), key }).get(id);
  assert.equal(Buffer.from(found ?? []).toString(), 'a face nobody else may see');
  const other = createKeptPortraits({ facts: openFacts(second), key: Buffer.alloc(32, 1) });
  assert.equal(await other.get(id), undefined);
  closeDatabase(second);
});
