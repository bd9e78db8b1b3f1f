/**
 * Tries what operators go through: `npm run campaign -- [--seed N] [--minutes N] [--only NAME]`. Prints what became of every wish;
 * exit code 1 where one was doubled, lost, or taken and never answered. Not part of the tests: it takes ten minutes.
 *
 * `npm run campaign -- --soak MINUTES [--seed N]` lets the program live instead, with a member every few seconds, and prints what it
 * holds as time goes by; samples and heap snapshots lie in `var/soak`. Exit code 1 where somebody was not answered.
 */
import { join } from 'node:path';
import { skipWithoutRedis } from '../redis-server.js';
import { compileProgram } from './compiled.js';
import { fillDisk } from './full-disk.js';
import { type CampaignParts, cutRedis, killEmbedded, killShared } from './kills.js';
import { floodWithPhotos, takeTurns } from './load.js';
import { createDice } from './random.js';
import { type Finding, isSound, render } from './report.js';
import { renderSoak, soakEmbedded, soakShared } from './soak.js';

/** What there is, each with its share of the time and why it cannot be done. */
const parts: readonly (readonly [string, number, (given: CampaignParts) => Promise<Finding>, string | false])[] = [
  ['kills', 0.4, killEmbedded, false],
  ['kills-redis', 0.25, killShared, skipWithoutRedis],
  ['redis', 0.15, cutRedis, skipWithoutRedis],
  ['disk', 0, fillDisk, process.getuid?.() === 0 ? false : 'only root can mount a small disk'],
  ['load', 0.1, takeTurns, false],
  ['photos', 0.1, floodWithPhotos, false],
];

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const seed = Number(option('seed') ?? Math.floor(Math.random() * 2 ** 32));
const minutes = Number(option('minutes') ?? 10);
const only = option('only');

console.log(`Seed: ${seed}`);
const compiled = compileProgram();

const soak = option('soak');
if (soak !== undefined) {
  const folder = join(process.cwd(), 'var', 'soak');
  const subject = { compiled, minutes: Number(soak), folder };
  const soaking = [soakEmbedded({ ...subject, dice: createDice(seed) })];
  if (skipWithoutRedis === false) soaking.push(soakShared({ ...subject, dice: createDice(seed + 1) }));
  else console.log(`redis: left out, ${skipWithoutRedis}`);
  const soaked = await Promise.all(soaking);
  console.log(renderSoak(soaked));
  process.exit(soaked.every(({ visits }) => visits.every(({ answered }) => answered)) ? 0 : 1);
}

const findings: Finding[] = [];
for (const [name, share, part, reason] of parts) {
  if (only !== undefined && only !== name) continue;
  if (reason !== false) {
    console.log(`${name}: left out, ${reason}`);
    continue;
  }
  console.log(`${name} ...`);
  const finding = await part({ compiled, dice: createDice(seed), milliseconds: share * minutes * 60_000 });
  findings.push(finding);
  console.log(render([finding]));
}
console.log(`All together, seed ${seed}:\n${render(findings)}`);
process.exit(findings.every(isSound) ? 0 : 1);
