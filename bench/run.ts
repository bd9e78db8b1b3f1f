/**
 * Measures: `npm run bench -- [--json] [--quick] [--only NAME]... [NAME...]`, all measurements when none is named. With
 * `--json` each is one JSON object on a line of its own; with `--quick` the newer ones do just enough to see that they
 * work. `start` and `album` need the built program (`npm run build`).
 */
import { parseArgs } from 'node:util';
import { measureAcknowledgement } from './acknowledge.js';
import { measureAlbum } from './album.js';
import type { Measurement } from './measurement.js';
import { measureOverhead } from './overhead.js';
import { measureAgainstPeers } from './peers.js';
import type { Scale } from './scale.js';
import { measureStart } from './start.js';
import { measureStore } from './store.js';
import { measureStyles } from './styles.js';

const measurements: Readonly<Record<string, (scale: Scale) => Promise<Measurement[]>>> = {
  start: measureStart,
  album: measureAlbum,
  styles: measureStyles,
  peers: measureAgainstPeers,
  acknowledge: measureAcknowledgement,
  overhead: measureOverhead,
  store: measureStore,
};

const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, quick: { type: 'boolean' }, only: { type: 'string', multiple: true } },
  allowPositionals: true,
});
const scale: Scale = { quick: values.quick === true };
const wanted = [...positionals, ...(values.only ?? [])];
const names = Object.keys(measurements);
const unknown = wanted.filter((given) => !names.includes(given));
if (unknown.length > 0) throw new Error(`Expected measurements among ${names.join(', ')}, got ${unknown.join(', ')}`);

for (const [name, measure] of Object.entries(measurements)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for (const measured of await measure(scale)) print(measured);
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
