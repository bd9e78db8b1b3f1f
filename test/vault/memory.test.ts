import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryVault } from '../../src/vault/memory.js';
import { testVault } from '../contract/vault.js';

testVault('memory vault', () => createMemoryVault());

test('what nobody wipes is wiped when its life is over', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const vault = createMemoryVault({ lifetime: 30 * 60_000 });
  const id = await vault.put(Uint8Array.of(9));
  context.mock.timers.tick(30 * 60_000 - 1);
  assert.deepEqual(await vault.get(id), Uint8Array.of(9));
  context.mock.timers.tick(1);
  assert.equal(await vault.get(id), undefined);
});

test('closing wipes everything', async () => {
  const vault = createMemoryVault();
  for (const photo of [Uint8Array.of(1), Uint8Array.of(2)]) await vault.put(photo);
  await vault.close();
  assert.equal(vault.size, 0);
});
