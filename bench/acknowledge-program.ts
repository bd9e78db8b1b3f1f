/**
 * The bot on Discord with its engine, as a process of its own: it is told where Discord is and who has agreed to its terms by
 * its parent's first message, says `ready` when it serves, and ends with its parent.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { z } from 'zod';
import { loadManifest } from '../pipeline/bundle.js';
import { composeChat } from '../src/compose/chat.js';
import { presetsOfBundle } from '../src/compose/model.js';
import { openStorage } from '../src/compose/storage.js';
import { defaultLimits, loadConfig } from '../src/config.js';
import { composeCli } from '../src/main.js';
import { createMembers } from '../src/members/members.js';

const place = z.object({
  token: z.string(),
  api: z.string(),
  cdnOrigins: z.array(z.string()),
  agreed: z.array(z.string()),
});

/** More than are asked for. */
const LIMITS = { ...defaultLimits, globalPerHour: 10_000, globalPerDay: 10_000 };

/** What is recorded of each request goes to a disk, as it does where the bot serves. */
const data = mkdtempSync(join(tmpdir(), 'likeness-bench-'));
process.once('exit', () => rmSync(data, { recursive: true, force: true }));
process.on('disconnect', () => process.exit(0));
process.once('message', (message) => void serve(place.parse(message)));

async function serve({ agreed, ...discord }: z.infer<typeof place>): Promise<void> {
  const config = loadConfig({ env: process.env, cwd: process.cwd() });
  const engine = await composeCli().createEngine(config);
  const presets = presetsOfBundle(await loadManifest(config.bundle));
  const where = { host: '127.0.0.1', port: 0, data, limits: LIMITS, discord };
  const storage = openStorage({ data });
  const members = createMembers(storage.facts);
  for (const id of agreed) await members.consent({ platform: 'discord', id });
  await storage.close();
  const chat = composeChat({ config: where, engine, presets, log: pino({ level: 'silent' }) });
  await engine.start();
  await chat.start();
  process.send?.('ready');
}
