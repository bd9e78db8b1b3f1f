import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { createSessions } from '../../../src/platforms/web/sessions.js';

const key = randomBytes(32);

test('a browser is the same after a restart, its conversation is new', () => {
  const sessions = createSessions(key);
  const session = sessions.create();
  const cookie = sessions.cookieOf(session);
  assert.equal(sessions.find(cookie), session);
  const later = createSessions(key);
  const again = later.find(cookie);
  assert.equal(again?.id, session.id);
  assert.notEqual(again?.conversation, session.conversation);
  assert.deepEqual(later.all(), [again]);
});

test('an id alone, a cookie that was changed, and one signed elsewhere are nobody’s', () => {
  const sessions = createSessions(key);
  const [ann, bob] = [sessions.create(), sessions.create()];
  const [id = '', signature = ''] = sessions.cookieOf(ann).split('.');
  const forged = [undefined, '', id, `${id}.`, `.${signature}`, `${bob.id}.${signature}`, `${id}.${'x'.repeat(43)}`];
  for (const cookie of [...forged, `${id}.${signature}x`, createSessions(randomBytes(32)).cookieOf(ann)]) {
    assert.equal(sessions.find(cookie), undefined, cookie);
  }
});

test('a browser with the page open never makes way, however many come', () => {
  const sessions = createSessions(key);
  const open = sessions.create();
  const leave = open.conversation.watch(() => undefined);
  for (let count = 0; count < 205; count++) sessions.create();
  assert.ok(sessions.all().includes(open));
  assert.equal(sessions.all().length, 200);
  leave();
  sessions.create();
  assert.ok(!sessions.all().includes(open));
});

test('who only opened the page makes way for those who come, before anybody with a conversation', () => {
  const sessions = createSessions(key);
  const [talked, asked] = [sessions.create(), sessions.create()];
  const said = { key: 'k', at: 0, text: 'hello' };
  talked.conversation.put({ ...said, id: 'member:k', kind: 'member', photos: 0 });
  asked.conversation.put({ ...said, id: 'status:j', kind: 'status', jobId: 'j', cancellable: true });
  for (let count = 0; count < 500; count++) sessions.create();
  assert.ok(sessions.all().includes(talked) && sessions.all().includes(asked));
  const others = sessions.all().filter(({ conversation }) => conversation.isEmpty);
  for (const { conversation } of others) conversation.put({ ...said, id: 'member:k', kind: 'member', photos: 0 });
  sessions.create();
  assert.ok(!sessions.all().includes(talked), 'where everybody talked, the one not seen for longest goes');
  assert.ok(sessions.all().includes(asked), 'who waits for an album stays');
});

test('the browser not seen for longest makes way, and is known again when it comes', () => {
  const sessions = createSessions(key);
  const first = sessions.create();
  for (let count = 0; count < 200; count++) sessions.create();
  assert.ok(!sessions.all().includes(first));
  assert.equal(sessions.find(sessions.cookieOf(first))?.id, first.id);
  assert.equal(sessions.all().length, 200);
});

test('two programs behind one name took each other’s browsers away: their cookies are named by their keys, not by a port', () => {
  const nameUnder = (byte: number): string => createSessions(Buffer.alloc(32, byte)).cookieName;
  assert.notEqual(nameUnder(1), nameUnder(2));
  assert.equal(nameUnder(1), nameUnder(1), 'nor does a restart at another port forget a browser');
  assert.match(nameUnder(1), /^[\w-]+$/);
});
