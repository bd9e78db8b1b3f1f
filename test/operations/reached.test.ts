import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test, type TestContext } from 'node:test';
import { pino } from 'pino';
import { composeChat } from '../../src/compose/chat.js';
import { openRedis } from '../../src/data/redis.js';
import { createHealth, type Health, type Hindrance, watchFor } from '../../src/operations/health.js';
import { FakeDiscord } from '../fakes/discord/discord.js';
import { createTestEngine } from '../fakes/engine.js';
import { testPresets } from '../fakes/presets.js';
import { FakeMember } from '../fakes/telegram/member.js';
import { FakeTelegram } from '../fakes/telegram/server.js';
import { skipWithoutRedis as skip, startRedis } from '../redis-server.js';

/** Health, and a way to wait for what it was or becomes, one after the other. */
function followedHealth() {
  const changes = new EventEmitter();
  const health = createHealth();
  health.clear('loading');
  const states = [''];
  const note = (): void => {
    states.push(health.hindrances.join());
    changes.emit('change');
  };
  const followed: Health = {
    get hindrances() {
      return health.hindrances;
    },
    hinder(by) {
      health.hinder(by);
      note();
    },
    clear(hindrance) {
      health.clear(hindrance);
      note();
    },
  };
  const until = async (...hindrances: readonly Hindrance[]): Promise<void> => {
    for (;;) {
      if (states.length === 0) await once(changes, 'change');
      if (states.shift() === hindrances.join()) return;
    }
  };
  return { health: followed, until };
}

type Settings = Parameters<typeof composeChat>[0]['config'];

/** The chats with these bots, and their health. */
async function serve(context: TestContext, bots: Pick<Settings, 'discord' | 'telegram'>) {
  const followed = followedHealth();
  const chat = composeChat({
    config: { host: '127.0.0.1', port: 0, ...bots },
    engine: createTestEngine(),
    presets: testPresets,
    log: pino({ level: 'silent' }),
    health: followed.health,
  });
  await chat.start();
  context.after(() => chat.stop());
  return followed;
}

test('a Discord bot whose token was reset is not ready', async (context) => {
  const discord = await FakeDiscord.open();
  context.after(() => discord.close());
  const { until } = await serve(context, { discord: { ...discord.endpoints, token: discord.token } });
  discord.gateway.disconnect(4004);
  await until('discord-down');
});

test('a Discord bot that lost its connection is not ready until it is back', async (context) => {
  const discord = await FakeDiscord.open();
  context.after(() => discord.close());
  const { until } = await serve(context, { discord: { ...discord.endpoints, token: discord.token } });
  discord.gateway.askToReconnect();
  await until('discord-down');
  await until();
});

test('a Telegram bot that gets no updates is not ready until it gets them again', async (context) => {
  const telegram = await FakeTelegram.start();
  context.after(() => telegram.stop());
  telegram.cutOff('getUpdates', 'before');
  const { until } = await serve(context, { telegram: telegram.connection });
  await until('telegram-down');
  // Else there is nothing to answer the next question with.
  await new FakeMember(telegram).say('/help');
  await until();
});

test('without Redis the program is not ready until it is back', { skip }, async (context) => {
  const server = await startRedis();
  context.after(() => server.stop());
  const { health, until } = followedHealth();
  const redis = await openRedis({
    url: server.url,
    onError: () => undefined,
    onReach: watchFor(health, 'redis-down'),
  });
  context.after(() => redis.disconnect());
  await server.kill();
  await until('redis-down');
  await server.start();
  await until();
});

test(
  'a Redis that another took the place of refused every request, and the program was ready all the same',
  { skip },
  async (context) => {
    const server = await startRedis();
    context.after(() => server.stop());
    const { health, until } = followedHealth();
    const onReach = watchFor(health, 'redis-down');
    const redis = await openRedis({ url: server.url, onError: () => undefined, onReach });
    context.after(() => redis.disconnect());
    const operator = await server.connect();
    context.after(() => operator.disconnect());
    await operator.replicaof('127.0.0.1', 1);
    const written = redis.eval(`return redis.call('SET', 'wish', 'recorded')`, 0);
    await until('redis-down');
    await assert.rejects(openRedis({ url: server.url, onError: () => undefined }), { code: 'redis-read-only' });
    await operator.replicaof('NO', 'ONE');
    assert.equal(await written, 'OK');
    await until();
    assert.equal(await redis.get('wish'), 'recorded');
  },
);
