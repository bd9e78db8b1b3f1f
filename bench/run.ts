/**
 * Measures: `npm run bench -- [--json] [NAME...]`, all measurements when none is named. With `--json` each is one JSON
 * object on a line of its own. Needs the built program (`npm run build`).
 */
import { parseArgs } from 'node:util';
import { measureAlbum } from './album.js';
import type { Measurement } from './measurement.js';
import { measureStart } from './start.js';
import { measureAgainstTorch } from './torch.js';

const measurements = { start: measureStart, album: measureAlbum, torch: measureAgainstTorch };
type Name = keyof typeof measurements;

const { values, positionals } = parseArgs({ options: { json: { type: 'boolean' } }, allowPositionals: true });
const names: readonly Name[] = ['start', 'album', 'torch'];
const unknown = positionals.filter((given) => !names.some((name) => name === given));
if (unknown.length > 0) throw new Error(`Expected measurements among ${names.join(', ')}, got ${unknown.join(', ')}`);

for (const name of names.filter((one) => positionals.length === 0 || positionals.includes(one))) {
  for (const measured of await measurements[name]()) print(measured);
}

function print(measured: Measurement): void {
  console.log(values.json === true ? JSON.stringify(measured) : describe(measured));
}

function describe({ name, value, unit, runs, range, goal, peer }: Measurement): string {
  const parts = [`${name}: ${value} ${unit} (${range.join(' to ')}, ${runs} runs)`];
  if (goal !== undefined) parts.push(`goal: under ${goal} ${unit}, ${value < goal ? 'met' : 'missed'}`);
  if (peer !== undefined) parts.push(`${peer.name}: ${peer.value} ${unit}, ${peer.ratio} times as long`);
  return parts.join('; ');
}
