import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readFromTar } from '../../scripts/samples/tar.js';
import { temporaryFolder } from '../temporary-folder.js';

/** A file as `tar` writes it: header, then what it holds, filled up. */
function member(name: string, content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

function archiveOf(...members: readonly Buffer[]): string {
  const path = join(temporaryFolder(), 'some.tar');
  writeFileSync(path, Buffer.concat([...members, Buffer.alloc(1024)]));
  return path;
}

test('files are read out of an archive by their names', () => {
  const long = 'x'.repeat(512);
  const path = archiveOf(member('one', 'first'), member('two', long), member('three', ''), member('four', 'last'));
  const found = readFromTar(path, ['four', 'two']);
  assert.deepEqual([...found.keys()], ['two', 'four']);
  assert.equal(Buffer.from(found.get('four') ?? []).toString(), 'last');
  assert.equal(found.get('two')?.length, 512);
});

test('a file that is not there is named, and so is what is no archive', () => {
  assert.throws(() => readFromTar(archiveOf(member('one', 'first')), ['two']), /has no two/);
  const path = join(temporaryFolder(), 'some.txt');
  writeFileSync(path, 'y'.repeat(600));
  assert.throws(() => readFromTar(path, ['one']), /is not a tar archive/);
});
