import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compact, laterFile, readyFile } from '../../src/media/picture-file.js';

/** A file of half the bytes of what it is made of, and how often it was made. */
function halvedFile() {
  const source = new Uint8Array(8).fill(7);
  let times = 0;
  const file = laterFile(source, async (held) => {
    times++;
    return held.slice(4);
  });
  return { source, file, made: () => times };
}

test('a file is made once, when it is wanted, and takes the place of what it is made of', async () => {
  const { file, made } = halvedFile();
  assert.deepEqual([made(), file.size], [0, 8]);
  const [one, other] = await Promise.all([file.read(), file.read()]);
  assert.deepEqual([made(), file.size, [...one]], [1, 4, [7, 7, 7, 7]]);
  assert.equal(one, other);
});

test('a copy outlives the wiping of the first, before and after that was made', async () => {
  for (const early of [true, false]) {
    const { file, source } = halvedFile();
    if (!early) await file.read();
    const copy = file.copy();
    file.wipe();
    assert.deepEqual([...(await copy.read())], [7, 7, 7, 7]);
    if (early) assert.ok(source.every((value) => value === 0));
    else assert.ok((await file.read()).every((value) => value === 0));
  }
});

test('what is wiped while the file is made is wiped when it is there', async () => {
  const { file } = halvedFile();
  const reading = file.read();
  file.wipe();
  assert.ok((await reading).every((value) => value === 0));
});

test('a file that cannot be made ahead fails whoever reads it, and nobody else', async () => {
  const broken = laterFile(new Uint8Array(8), () => Promise.reject(new Error('out of memory')));
  const fine = halvedFile();
  compact([{ file: broken }, { file: fine.file }, { file: readyFile(Uint8Array.of(1)) }]);
  await assert.rejects(broken.read(), /out of memory/);
  assert.equal((await fine.file.read()).length, 4);
  assert.equal(broken.size, 8);
});
