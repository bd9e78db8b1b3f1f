import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { writeZip } from '../../src/media/zip.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Reads an archive by another implementation, which checks its checksums; prints names and sizes. */
const READER = `
import json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps({entry.filename: list(archive.read(entry)) for entry in archive.infolist()}))
`;

test('an archive is read by another implementation, byte for byte', () => {
  const files = { 'portrait-1.png': [1, 2, 3, 255], 'portrait-2.png': [], 'portrait-3.png': [0] };
  const entries = Object.entries(files).map(([name, bytes]) => ({ name, bytes: Uint8Array.from(bytes) }));
  const path = join(temporaryFolder(), 'album.zip');
  writeFileSync(path, writeZip(entries));
  assert.deepEqual(JSON.parse(execFileSync('python3', ['-c', READER, path], { encoding: 'utf8' })), files);
});
