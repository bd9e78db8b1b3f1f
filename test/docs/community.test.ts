import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import sharp from 'sharp';

const docs = new URL('../../docs/', import.meta.url);

test('the guide for moderators shows every picture there is of it, marked as generated, in 80 kB', async () => {
  const guide = readFileSync(new URL('community.md', docs), 'utf8');
  const shown = [...guide.matchAll(/!\[[^\]]+\]\(community\/([^)]+)\)/g)].map(([, name]) => name ?? '');
  assert.deepEqual(shown.toSorted(), readdirSync(new URL('community/', docs)).toSorted());
  const pictures = shown.map((name) => readFileSync(new URL(`community/${name}`, docs)));
  for (const picture of pictures) {
    const { format, xmpAsString = '' } = await sharp(picture).metadata();
    assert.equal(format, 'webp');
    assert.match(xmpAsString, /trainedAlgorithmicMedia/);
  }
  assert.ok(pictures.reduce((sum, { length }) => sum + length, 0) <= 80_000);
});
