/**
 * Makes the pictures that the project shows: `npm run sheets -- PORTRAITS [BUNDLE] [--only NAME]... [--judge FOLDER] [--photographs FOLDER]`.
 * PORTRAITS is the folder with `portraits.jsonl` and its archives, BUNDLE `models/tiny` unless told otherwise. Everyone in
 * them is nobody: faces of CC0, and of those only what the program makes. `--only` takes `samples` (what `/styles` shows),
 * `strip`, `angles`, `expressions`, `scenes`, `styles`, `community` (needs Chromium and a font of emoji). `--judge` makes 96 pictures
 * to look for defects in, which are not kept in the repository, and the others only if asked for. `--photographs` does the same
 * with 48 photographs of strangers, which nobody else may see.
 */
import { parseArgs } from 'node:util';
import { makeCommunityPictures } from './samples/community-pictures.js';
import { DOCUMENT_SHEETS, makeDocumentSheet } from './samples/document-sheets.js';
import { makeJudgeSheets } from './samples/judge-sheets.js';
import { makePhotographSheets } from './samples/photograph-sheets.js';
import { readCast, readPhotographs } from './samples/people.js';
import { makePresetSheets } from './samples/preset-sheets.js';
import { openStudio } from './samples/studio.js';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { only: { type: 'string', multiple: true }, judge: { type: 'string' }, photographs: { type: 'string' } },
});
const [portraits, bundle = 'models/tiny'] = positionals;
if (portraits === undefined) throw new RangeError('Expected the folder of portraits');
const threads = Number(process.env['OMP_NUM_THREADS'] ?? 2);
const names = ['samples', ...DOCUMENT_SHEETS, 'community'];
const isForTheEye = values.judge !== undefined || values.photographs !== undefined;
const asked = values.only ?? (isForTheEye ? [] : names);
const stranger = asked.find((name) => !names.includes(name));
if (stranger !== undefined) throw new RangeError(`Expected one of ${names.join(', ')}, not ${stranger}`);

/** How many strangers are looked at. */
const PHOTOGRAPHS = 48;

const cast = readCast(portraits);
const [first] = cast;
const studio = await openStudio(bundle, threads);
for (const name of DOCUMENT_SHEETS) if (asked.includes(name)) await makeDocumentSheet(studio, cast, name);
if (first && asked.includes('samples')) await makePresetSheets(studio, first, bundle);
if (values.judge !== undefined) await makeJudgeSheets(studio, cast, values.judge);
if (values.photographs !== undefined) {
  await makePhotographSheets(studio, readPhotographs(portraits, PHOTOGRAPHS), values.photographs);
}
await studio.close();
if (asked.includes('community')) await makeCommunityPictures(cast, { bundle, threads });
