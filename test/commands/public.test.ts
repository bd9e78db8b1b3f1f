import assert from 'node:assert/strict';
import { NO_SAMPLES } from '../../src/media/samples.js';
import { test } from 'node:test';
import { portrait } from '../../commands/portrait.js';
import { privacy } from '../../commands/privacy.js';
import { asksForEveryone } from '../../src/chat/options.js';
import { community } from './community.js';

test('an album for oneself alone is refused where everyone sees every answer', async () => {
  const samples = NO_SAMPLES;
  const open = community(samples, false);
  assert.match((await open.request({ prompt: 'smiling', public: 'no' })) ?? '', /Everyone here would see it/);
  assert.equal(await open.request({ prompt: 'smiling', public: 'yes' }), undefined);
  assert.equal(await open.request({ prompt: 'smiling' }), undefined);
  assert.equal(await community().request({ prompt: 'smiling', public: 'no' }), undefined);
});

test('only a yes to the option that publishes asks for everyone', () => {
  for (const value of ['yes', 'true', true, 'ON'])
    assert.ok(asksForEveryone(portrait, { public: value }), String(value));
  for (const value of ['no', false, 'perhaps', ''])
    assert.ok(!asksForEveryone(portrait, { public: value }), String(value));
  assert.ok(!asksForEveryone(portrait, { largest: true }));
  assert.ok(!asksForEveryone(privacy, { forget: true }));
  assert.ok(!asksForEveryone(undefined, { public: true }));
});

test('an album that cannot come to its member is refused before its photo is read', async () => {
  const world = community();
  world.platform.close({ at: '1' });
  assert.match((await world.request({ prompt: 'smiling' })) ?? '', /I may not send photos in that chat/);
  assert.equal(await world.request({ prompt: 'smiling' }), undefined);
});
