import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ReceivedRequest } from '../../src/chat/host.js';
import type { Pending } from '../../src/data/pending.js';
import { createInterrupted } from '../../src/host/interrupted.js';
import { createRecordingPlatform } from '../fakes/platform.js';

test('a full disk kept a killed program from starting: whom it owes an answer is told when there is room', async () => {
  const left: ReceivedRequest = { key: 'k', member: { platform: 'web', id: 'ann' }, address: { key: 'k' } };
  let full = true;
  const pending: Pending<ReceivedRequest> = {
    begin: async () => undefined,
    end: async () => undefined,
    async takeLapsed() {
      if (full) throw Object.assign(new Error('database or disk is full'), { code: 'SQLITE_FULL' });
      return [left];
    },
  };
  const platform = createRecordingPlatform();
  const errors: unknown[] = [];
  const interrupted = createInterrupted({
    pending,
    platforms: new Map([['web', platform]]),
    isAccepted: async () => false,
    languageOf: async () => 'en',
    onError: (error) => void errors.push(error),
  });
  await interrupted.tell();
  assert.equal(errors.length, 1);
  assert.deepEqual(platform.shown(left.address), []);
  full = false;
  await interrupted.tell();
  assert.match(JSON.stringify(platform.shown(left.address)), /interrupted before/);
  assert.equal(errors.length, 1);
});
