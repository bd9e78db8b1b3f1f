import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createPace, RATES } from '../../../src/platforms/telegram/pace.js';

const turnOfLoop = () => new Promise((resolve) => setImmediate(resolve));

/** Lets a minute of the clock and everything that waits for it go by. */
async function pass(milliseconds: number): Promise<void> {
  for (let step = 0; step < milliseconds; step += 250) {
    mock.timers.tick(250);
    for (let turn = 0; turn < 20; turn++) await turnOfLoop();
  }
}

test('one message a second to a chat, twenty a minute to a group, other chats not held up', async (context) => {
  mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'] });
  context.after(() => mock.timers.reset());
  const pace = createPace(RATES);
  const sent = new Map<string, number>();
  const send = (chat: string) => pace.take({ chat }, async () => void sent.set(chat, (sent.get(chat) ?? 0) + 1));
  for (let count = 0; count < 40; count++) for (const chat of ['7', '-7']) void send(chat);
  await pass(10_000);
  void send('8');
  await pass(3000);
  const early = sent.get('7') ?? 0;
  assert.ok(early >= 5 && early <= 14, String(early));
  assert.equal(sent.get('8'), 1);
  await pass(42_000);
  assert.equal(sent.get('-7'), 20);
  await pass(65_000);
  assert.deepEqual([sent.get('7'), sent.get('-7')], [40, 40]);
});
