import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Keyv } from 'keyv';
import { composeOwners } from '../../src/compose/community.js';
import { createFactPause, createFilePause } from '../../src/data/pause.js';
import { temporaryFolder } from '../temporary-folder.js';

const facts = new Keyv();
const folder = temporaryFolder();

for (const [name, open] of [
  ['among the facts', () => createFactPause(facts)],
  ['in the data folder', () => createFilePause(folder)],
] as const) {
  test(`a pause ${name} is on for every process, also after a restart, until it is taken back`, async () => {
    const pause = open();
    assert.equal(await pause.isOn(), false);
    await pause.set(true);
    await pause.set(true);
    assert.deepEqual([await pause.isOn(), await open().isOn()], [true, true]);
    await open().set(false);
    await open().set(false);
    assert.equal(await pause.isOn(), false);
  });
}

test('owners are known by platform and id together, in the web chat by the machine they sit at', async () => {
  const { isOwner } = composeOwners(['discord:123'], createFactPause(facts), {
    worker: { wake: () => undefined },
    board: { refresh: async () => undefined },
  });
  const is = (platform: 'web' | 'discord' | 'telegram', id: string, admin = false) =>
    isOwner({ member: { platform, id }, standing: { mayAdminister: async () => admin } });
  assert.equal(await is('discord', '123'), true);
  assert.equal(await is('telegram', '123', true), false);
  assert.equal(await is('discord', '1234', true), false);
  assert.equal(await is('web', 'any', true), true);
  assert.equal(await is('web', 'any'), false);
});
