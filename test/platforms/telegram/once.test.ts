import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Keyv } from 'keyv';
import { ListeningHost, plainAlbum } from '../../fakes/host.js';
import { FakeMember, keysOf } from '../../fakes/telegram/member.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { openTelegram } from './open.js';

/** Facts of a process that dies as it is about to change one of them. */
class DyingFacts extends Map<string, unknown> {
  /** The key whose change it does not live to make, or part of it. */
  fatal: string | undefined;

  override set(key: string, value: unknown): this {
    this.#check(`${key} ${String(value)}`);
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    this.#check(`${key} deleted`);
    return super.delete(key);
  }

  #check(change: string): void {
    if (this.fatal !== undefined && new RegExp(this.fatal).test(change)) throw new Error('killed');
  }
}

const STATUS = { jobId: 'job-1', text: 'Painting.', progress: 0.5, cancellable: true };

/** A bot whose process dies at a change of its facts, and the next one on the same facts. */
async function open(context: TestContext) {
  const kept = new DyingFacts();
  const facts = () => new Keyv<string>({ store: kept, throwOnErrors: true });
  const host = new ListeningHost();
  const { fake, platform } = await openTelegram(host, { facts: facts() });
  context.after(() => fake.stop());
  const ann = new FakeMember(fake);
  await ann.say('/portrait smiling', { photos: [Uint8Array.of(0xff, 0xd8, 0xff)] });
  const { address } = await host.next();
  return {
    fake,
    ann,
    host,
    reply: platform.reply(address),
    die(at: string) {
      kept.fatal = at;
    },
    async restart() {
      await platform.stop();
      kept.fatal = undefined;
      const next = await openTelegram(host, { facts: facts() }, fake);
      context.after(() => next.platform.stop());
      return next.platform.reply(address);
    },
  };
}

const labels = (ann: FakeMember): readonly string[] =>
  ann.seen().flatMap((message) => keysOf(message).map(({ text }) => text));

test('a crash between an album and its buttons: the buttons come, the status goes, nothing comes twice', async (context) => {
  const { ann, reply, die, restart } = await open(context);
  await reply.status(STATUS);
  die('telegram:status:job-1 deleted');
  await assert.rejects(reply.album(plainAlbum('job-1')), /killed/);
  const next = await restart();
  await next.album(plainAlbum('job-1'));
  await next.album(plainAlbum('job-1'));
  assert.equal(ann.seen().filter(({ photo }) => photo).length, 4);
  assert.equal(labels(ann).filter((label) => label === 'More').length, 1);
  assert.ok(!labels(ann).includes('Cancel'));
});

test('a status that a restart showed after the album was there is taken away', async (context) => {
  const { ann, reply, restart } = await open(context);
  await reply.album(plainAlbum('job-1'));
  const next = await restart();
  await next.status({ ...STATUS, text: 'I was interrupted.' });
  await next.album(plainAlbum('job-1'));
  assert.equal(ann.seen().length, 4 + 1);
});

test('a crash while a closing sentence is said: it stands in place of the status, once', async (context) => {
  const { ann, reply, die, restart } = await open(context);
  await reply.status(STATUS);
  die('telegram:status:job-1 deleted');
  await assert.rejects(reply.conclude('job-1', 'Cancelled.'), /killed/);
  await (await restart()).conclude('job-1', 'Cancelled.');
  assert.deepEqual(
    ann.seen().map(({ text }) => text),
    ['Cancelled.'],
  );
});

test('a crash between a status and its recording leaves it behind: Cancel takes it away', async (context) => {
  const { fake, ann, host, reply, die, restart } = await open(context);
  die('telegram:status:job-1');
  await assert.rejects(reply.status(STATUS), /killed/);
  const [left] = ann.seen();
  const next = await restart();
  await next.status(STATUS);
  assert.equal(ann.seen().length, 2);
  await ann.press('Cancel', { on: left ?? assert.fail() });
  await fake.until(() => (ann.seen().length === 1 ? true : undefined));
  await next.conclude('job-1', 'Cancelled.');
  assert.deepEqual(
    ann.seen().map(({ text }) => text),
    ['Cancelled.'],
  );
  assert.equal(host.cancelled.length, 1);
});

test('the fake takes no picture by its address', async (context) => {
  const fake = await FakeTelegram.start();
  context.after(() => fake.stop());
  const ann = new FakeMember(fake);
  const response = await fetch(`${fake.apiRoot}/bot${fake.token}/sendPhoto`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ chat_id: ann.chat.id, photo: 'https://example.org/picture.jpg' }),
  });
  assert.deepEqual([response.status, ann.seen().length], [400, 0]);
});
