import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryVault } from '../../src/vault/memory.js';

test('what is wiped is overwritten and gone', () => {
  const vault = createMemoryVault();
  const photo = Uint8Array.of(1, 2, 3);
  const id = vault.put(photo);
  assert.equal(vault.get(id), photo);
  vault.wipe([id, id, 'unknown']);
  assert.deepEqual(photo, Uint8Array.of(0, 0, 0));
  assert.equal(vault.get(id), undefined);
  assert.equal(vault.size, 0);
});

test('what nobody wipes is wiped when its life is over', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const vault = createMemoryVault({ lifetime: 30 * 60_000 });
  const photo = Uint8Array.of(9);
  const id = vault.put(photo);
  context.mock.timers.tick(30 * 60_000 - 1);
  assert.equal(vault.get(id), photo);
  context.mock.timers.tick(1);
  assert.equal(vault.get(id), undefined);
  assert.deepEqual(photo, Uint8Array.of(0));
});

test('closing wipes everything', () => {
  const vault = createMemoryVault();
  const photos = [Uint8Array.of(1), Uint8Array.of(2)];
  for (const photo of photos) vault.put(photo);
  vault.close();
  assert.deepEqual(photos, [Uint8Array.of(0), Uint8Array.of(0)]);
});
