import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Vault } from '../../src/vault/vault.js';

/** What every `Vault` promises. */
export function testVault(
  name: string,
  open: () => Vault | Promise<Vault>,
  { skip = false }: { readonly skip?: string | false } = {},
): void {
  test(`${name}: what is put in comes back as a copy, and the array handed over is overwritten`, { skip }, async () => {
    const vault = await open();
    const photo = Uint8Array.of(1, 2, 3);
    const id = await vault.put(photo);
    assert.deepEqual(photo, Uint8Array.of(0, 0, 0));
    const copy = await vault.get(id);
    assert.deepEqual([...(copy ?? [])], [1, 2, 3]);
    copy?.fill(0);
    assert.deepEqual([...((await vault.get(id)) ?? [])], [1, 2, 3]);
    await vault.wipe([id]);
    await vault.close();
  });

  test(`${name}: what is wiped is gone, unknown ids are fine, the others stay`, { skip }, async () => {
    const vault = await open();
    const [first, second] = [await vault.put(Uint8Array.of(1)), await vault.put(Uint8Array.of(2))];
    await vault.wipe([first, first, 'unknown', '../outside']);
    assert.equal(await vault.get(first), undefined);
    assert.equal(await vault.get('../outside'), undefined);
    assert.deepEqual([...((await vault.get(second)) ?? [])], [2]);
    await vault.wipe([second]);
    await vault.close();
  });
}
