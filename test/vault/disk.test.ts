import assert from 'node:assert/strict';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { createDiskVault } from '../../src/vault/disk.js';
import { testVault } from '../contract/vault.js';
import { skipWithoutFileLimit, withFileLimit } from '../file-limit.js';
import { temporaryFolder } from '../temporary-folder.js';

const key = Buffer.alloc(32, 7);
const PHOTO = Buffer.from('a face nobody else may see');
const LIFE = 1000;

testVault('disk vault', () => createDiskVault({ folder: temporaryFolder(), key }));

test('a photo survives a restart, encrypted and for its owner only', async () => {
  const folder = temporaryFolder();
  const first = createDiskVault({ folder, key });
  const id = await first.put(Buffer.from(PHOTO));
  await first.close();
  const second = createDiskVault({ folder, key });
  assert.equal(second.size, 1);
  assert.deepEqual(await second.get(id), PHOTO);
  const file = join(folder, id);
  assert.equal(readFileSync(file).includes('face'), false);
  assert.equal(statSync(file).mode & 0o077, 0);
  await second.wipe([id]);
  assert.deepEqual(readdirSync(folder), []);
  await second.close();
});

test('a photo under another key, exchanged or damaged is none', async () => {
  const folder = temporaryFolder();
  const vault = createDiskVault({ folder, key });
  const [one, two] = [await vault.put(Buffer.from(PHOTO)), await vault.put(Buffer.from(PHOTO))];
  const other = createDiskVault({ folder, key: Buffer.alloc(32, 8) });
  assert.equal(await other.get(one), undefined);
  writeFileSync(join(folder, one), readFileSync(join(folder, two)));
  assert.equal(await vault.get(one), undefined);
  writeFileSync(join(folder, two), readFileSync(join(folder, two)).subarray(0, 40));
  assert.equal(await vault.get(two), undefined);
  await vault.close();
  await other.close();
});

test('a photo whose life is over is not handed out, whatever the timers do', async () => {
  let now = 5000;
  const vault = createDiskVault({ folder: temporaryFolder(), key, lifetime: LIFE, now: () => now });
  const id = await vault.put(Buffer.from(PHOTO));
  now += LIFE - 1;
  assert.deepEqual(await vault.get(id), PHOTO);
  now += 1;
  assert.equal(await vault.get(id), undefined);
  await vault.close();
});

test('what expired while the program was not running, or was never finished, is gone before anything else begins', async () => {
  const folder = temporaryFolder();
  const first = createDiskVault({ folder, key, lifetime: LIFE, now: () => 5000 });
  const id = await first.put(Buffer.from(PHOTO));
  await first.close();
  writeFileSync(join(folder, 'cut-off.part'), 'xx');
  const second = createDiskVault({ folder, key, lifetime: LIFE, now: () => 5000 + LIFE });
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(await second.get(id), undefined);
  await second.close();
});

test('a clock that was set back prolongs no life', async () => {
  const folder = temporaryFolder();
  const day = 24 * 60 * 60_000;
  const first = createDiskVault({ folder, key, lifetime: LIFE, now: () => 2 * day });
  const id = await first.put(Buffer.from(PHOTO));
  await first.close();
  let now = day;
  const second = createDiskVault({ folder, key, lifetime: LIFE, now: () => now });
  assert.deepEqual(await second.get(id), PHOTO);
  now += LIFE;
  assert.equal(await second.get(id), undefined);
  await second.close();
});

test('of a photo that the disk has no room for nothing stays', { skip: skipWithoutFileLimit }, async () => {
  const folder = temporaryFolder();
  const vault = createDiskVault({ folder, key });
  await withFileLimit(4096, () => assert.rejects(vault.put(Buffer.alloc(8192, 1))));
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(vault.size, 0);
  const id = await vault.put(Buffer.from(PHOTO));
  assert.deepEqual(await vault.get(id), PHOTO);
  await vault.close();
});
