import assert from 'node:assert/strict';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openStorage } from '../../src/compose/storage.js';
import { deriveKey, loadKey } from '../../src/data/key.js';
import { temporaryFolder } from '../temporary-folder.js';

test('a key is made once, for its owner’s eyes only', () => {
  const file = join(temporaryFolder(), 'data', 'key');
  const key = loadKey({ given: undefined, file });
  assert.equal(key.length, 32);
  assert.deepEqual(loadKey({ given: undefined, file }), key);
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a given key needs no file', () => {
  const key = loadKey({ given: 'ab'.repeat(32), file: join(temporaryFolder(), 'none') });
  assert.deepEqual(key, Buffer.alloc(32, 0xab));
});

test('a key that others may read, or that is none, is refused by name', () => {
  const file = join(temporaryFolder(), 'key');
  loadKey({ given: undefined, file });
  chmodSync(file, 0o644);
  assert.throws(() => loadKey({ given: undefined, file }), { code: 'key-invalid', data: { path: file } });
  chmodSync(file, 0o600);
  writeFileSync(file, 'too short');
  assert.throws(() => loadKey({ given: undefined, file }), { code: 'key-invalid' });
});

test('each purpose has its own key', () => {
  const key = Buffer.alloc(32, 1);
  assert.equal(deriveKey(key, 'one').length, 32);
  assert.notDeepEqual(deriveKey(key, 'one'), deriveKey(key, 'two'));
});

test('a key that is lost, or made anew, is said and not passed over: what was kept under it could not be read', async () => {
  const data = temporaryFolder();
  const [first, second] = ['1'.repeat(64), '2'.repeat(64)];
  const open = async (key: string) => openStorage({ data, key }).close();
  await open(first);
  await open(first);
  await assert.rejects(open(second), { code: 'key-lost', data: { path: data } });
});
