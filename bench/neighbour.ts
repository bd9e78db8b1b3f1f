/** Another program on the same machine: it fills one core and writes to the disk, until its parent lets go of it. */
import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Bytes that are written at a time, and of the file, which begins anew then. */
const BLOCK = 1024 * 1024;
const FILE = 64 * BLOCK;

const path = join(tmpdir(), `likeness-neighbour-${process.pid}`);
const file = openSync(path, 'w');
const block = randomBytes(BLOCK);
let written = 0;

process.on('disconnect', () => {
  closeSync(file);
  rmSync(path);
  process.exit(0);
});

function work(): void {
  writeSync(file, block, 0, BLOCK, written % FILE);
  written += BLOCK;
  if (written % FILE === 0) fsyncSync(file);
  setImmediate(work);
}
work();
