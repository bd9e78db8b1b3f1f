import assert from 'node:assert/strict';
import { mock, test, type TestContext } from 'node:test';
import type { Lock } from '../../../src/data/lock.js';
import { ListeningHost } from '../../fakes/host.js';
import { FakeMember } from '../../fakes/telegram/member.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { openTelegram } from './open.js';

/** One lock for all processes of a test; who waits looks again as soon as anything else had its say. */
class SharedTurn {
  holder: string | undefined;
  failing = false;

  for(process: string): Lock {
    return {
      hold: async () => {
        if (this.failing) throw new Error('no answer');
        this.holder ??= process;
        return this.holder === process;
      },
      pass: async () => {
        if (this.holder === process) this.holder = undefined;
      },
    };
  }
}

async function open(context: TestContext) {
  mock.timers.enable({ apis: ['setInterval'] });
  context.after(() => mock.timers.reset());
  const fake = await FakeTelegram.start();
  const shared = new SharedTurn();
  const begin = async (name: string) => {
    const host = new ListeningHost();
    const wait = (_: number, signal: AbortSignal) =>
      new Promise<void>((resolve, reject) =>
        setImmediate(() => (signal.aborted ? reject(new DOMException('stopping', 'AbortError')) : resolve())),
      );
    const telegram = await openTelegram(host, { lock: shared.for(name), wait }, fake);
    context.after(() => telegram.platform.stop());
    return { ...telegram, host };
  };
  const [first, second] = [await begin('first'), await begin('second')];
  context.after(() => fake.stop());
  return { fake, shared, first, second, ann: new FakeMember(fake) };
}

test('of several processes one polls; when it stops the next takes over, and no update is lost or taken twice', async (context) => {
  const { fake, first, second, ann } = await open(context);
  await ann.say('/help');
  assert.equal((await first.host.next()).command, 'help');
  await first.platform.stop();
  assert.equal(fake.updates.unconfirmed, 0);
  await ann.say('/queue');
  assert.equal((await second.host.next()).command, 'queue');
  assert.deepEqual([first.host.unread, second.host.unread, first.errors, second.errors], [0, 0, [], []]);
});

test('a process that lost its lock, or cannot be sure of it, stops polling', async (context) => {
  const { shared, first, second, ann } = await open(context);
  await ann.say('/help');
  await first.host.next();
  shared.holder = 'second';
  mock.timers.tick(10_000);
  await ann.say('/queue');
  assert.equal((await second.host.next()).command, 'queue');
  shared.failing = true;
  mock.timers.tick(10_000);
  while (second.errors.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.match(String(second.errors[0]), /no answer/);
  shared.failing = false;
  await ann.say('/quota');
  assert.equal((await second.host.next()).command, 'quota', 'and begins again when it is sure');
});
