import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { composeChat } from '../../src/compose/chat.js';
import { defaultLimits } from '../../src/config.js';
import { FakeBrowser } from '../fakes/browser.js';
import { createTestEngine } from '../fakes/engine.js';
import { testPresets } from '../fakes/presets.js';

test('/privacy is five lines, and the rest is one press away', async (context) => {
  const config = { host: '127.0.0.1', port: 0, limits: defaultLimits };
  const engine = createTestEngine();
  const chat = composeChat({ config, engine, presets: testPresets, log: pino({ level: 'silent' }), now: Date.now });
  await chat.start();
  context.after(() => chat.stop());
  const browser = await FakeBrowser.open(chat.address);
  const { text, points = [], buttons = [] } = await browser.answer(await browser.send({ text: '/privacy' }), 'text');
  const heads = ['What is kept:', 'For how long:', 'Who sees it:', 'What leaves this machine:', 'How to delete it:'];
  const lines = text.split('\n');
  assert.deepEqual(
    points.map(({ head }) => head),
    heads,
  );
  assert.ok(lines.length === 5 && lines.every((line) => line.length < 200), text);
  const answers = [];
  for (const { line } of buttons) answers.push((await browser.answer(await browser.send({ text: line }), 'text')).text);
  assert.match(answers[0] ?? '', /^Photos: kept encrypted[^]*30 minutes at most[^]*Votes: as long as the event\.$/);
  assert.match(answers[1] ?? '', /cannot be undone/, 'nothing is deleted by the first press');
});
