import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Button, createButtons, MAX_TOKEN } from '../../src/platforms/buttons.js';

const ann = { platform: 'discord', id: '18446744073709551615' } as const;
const bob = { platform: 'discord', id: '18446744073709551614' } as const;
const cancel: Button = { action: 'cancel', subject: 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6' };
const buttons = createButtons('secret');

test('a token for a job fits the smallest platform and means the same after a restart', () => {
  const token = buttons.sign(cancel, ann);
  assert.ok(Buffer.byteLength(token) <= MAX_TOKEN);
  assert.deepEqual(createButtons('secret').open(token, ann), cancel);
});

test('nobody but the owner can press, not even someone with the same id on another platform', () => {
  const token = buttons.sign(cancel, ann);
  assert.equal(buttons.open(token, bob), undefined);
  assert.equal(buttons.open(token, { platform: 'telegram', id: ann.id }), undefined);
});

test('a token that was changed, cut or signed with another secret means nothing', () => {
  const token = buttons.sign(cancel, ann);
  for (const forged of [`d${token.slice(1)}`, token.slice(0, -1), '', 'c', `${token}x`]) {
    assert.equal(buttons.open(forged, ann), undefined, forged);
  }
  assert.equal(createButtons('other').open(token, ann), undefined);
});

test('a button for everyone names whose it is, and is no owner’s button', () => {
  const report = { action: 'report', owner: ann.id, subject: 'abc.1.1' } as const;
  const token = buttons.signForAll(report);
  assert.deepEqual(createButtons('secret').openForAll(token), report);
  assert.equal(buttons.open(token, ann), undefined);
  assert.equal(buttons.openForAll(buttons.sign(cancel, ann)), undefined);
  assert.equal(buttons.openForAll(`e${token.slice(1)}`), undefined);
});

test('a subject that would not fit, or is not ASCII, is refused when signing', () => {
  assert.throws(() => buttons.sign({ action: 'cancel', subject: 'x'.repeat(48) }, ann), RangeError);
  assert.throws(() => buttons.sign({ action: 'cancel', subject: 'é' }, ann), RangeError);
});
