import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { copyBundle, editManifest } from '../../fixtures/bundle-copy.js';
import { temporaryFolder } from '../../temporary-folder.js';
import { examine, linesOf } from './examined.js';

test('a fresh installation: room on the disk, a folder to be made, a key to come', async () => {
  const data = join(temporaryFolder(), 'deep', 'data');
  const findings = await examine(['disk', 'data', 'key'], { LIKENESS_DATA: data });
  assert.match(linesOf(findings, 'disk').join(), /^ok: \d+ MiB free/);
  assert.match(linesOf(findings, 'data').join(), /^ok: .*can be written$/);
  assert.match(linesOf(findings, 'key').join(), /^ok: made at the first start/);
});

test('rights: a folder or a key that others may read is wrong, and says the command that mends it', async () => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(data, 'key'), '0'.repeat(64), { mode: 0o600 });
  const well = await examine(['disk', 'data', 'key'], { LIKENESS_DATA: data });
  assert.match([...linesOf(well, 'data'), ...linesOf(well, 'key')].join('\n'), /^ok: .*\nok: in .*key, for its owner/);

  chmodSync(data, 0o755);
  chmodSync(join(data, 'key'), 0o644);
  const open = await examine(['disk', 'data', 'key'], { LIKENESS_DATA: data });
  assert.match(linesOf(open, 'data').join(), /^wrong: .*chmod 700/);
  assert.match(linesOf(open, 'key').join(), /^wrong: .*chmod 600/);
  const given = await examine(['key'], { LIKENESS_DATA: data, LIKENESS_KEY: 'f'.repeat(64) });
  assert.deepEqual(linesOf(given, 'key'), ['ok: set by the configuration']);
});

test('a database of random bytes is said to be damaged, not that all is well', async () => {
  const data = join(temporaryFolder(), 'data');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(join(data, 'likeness.db'), Buffer.alloc(8192, 0x5a));
  const findings = await examine(['data'], { LIKENESS_DATA: data });
  assert.match(linesOf(findings, 'data').join(), /^wrong: The database .*likeness\.db is damaged/);
});

test('every port is looked at: the chat’s, that of health and metrics, and the webhook’s', async (context) => {
  const other = createServer();
  other.listen(0, '127.0.0.1');
  await once(other, 'listening');
  context.after(() => other.close());
  const bound = other.address();
  const port = String(typeof bound === 'object' && bound ? bound.port : 0);
  const free = await examine(['port'], {});
  assert.equal(linesOf(free, 'port').length, 1);
  const findings = await examine(['port'], {
    LIKENESS_METRICS_PORT: port,
    TELEGRAM_WEBHOOK_URL: 'https://bot.example.org/',
    TELEGRAM_WEBHOOK_PORT: port,
  });
  const [chat, ...others] = linesOf(findings, 'port');
  assert.match(chat ?? '', /^ok/);
  assert.equal(others.length, 2);
  for (const line of others)
    assert.match(line, new RegExp(`^wrong: Port ${port} on 127\\.0\\.0\\.1 is already in use`));
});

test('an address that this machine has not is wrong, and the sentence names the setting', async () => {
  const [line = ''] = linesOf(await examine(['port'], { LIKENESS_HOST: '192.0.2.1' }), 'port');
  assert.match(line, /^wrong: This machine cannot listen on 192\.0\.2\.1: EADDRNOTAVAIL\. Set LIKENESS_HOST/);
  const [local = ''] = linesOf(await examine(['port'], { LIKENESS_HOST: '[127.0.0.1]' }), 'port');
  assert.match(local, /^ok/);
});

test('memory: a model whose weights are more than there is', async (context) => {
  const folder = await copyBundle(context);
  await editManifest(folder, ({ graphs }) => Object.assign(graphs['unet'] ?? {}, { bytes: 2 ** 50 }));
  const [line = ''] = linesOf(await examine(['memory'], { LIKENESS_BUNDLE: folder }), 'memory');
  assert.match(line, /^wrong: \d+ MiB available and 10737428\d\d MiB needed/);
});
