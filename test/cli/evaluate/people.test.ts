import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listPeople } from '../../../src/cli/evaluate/people.js';
import { temporaryFolder } from '../../temporary-folder.js';

function tree(files: readonly string[]): string {
  const root = temporaryFolder();
  for (const file of files) {
    mkdirSync(join(root, file, '..'), { recursive: true });
    writeFileSync(join(root, file), '');
  }
  return root;
}

test('a folder is a person, its photos sorted; other files and folders without photos are not', async () => {
  const root = tree(['bob/2.JPG', 'bob/1.png', 'bob/notes.txt', 'ada/only.webp', 'empty/readme.md', 'stray.jpg']);
  const people = await listPeople(root, undefined);
  assert.deepEqual(people, [
    { name: 'ada', photos: [join(root, 'ada', 'only.webp')], groups: {} },
    { name: 'bob', photos: [join(root, 'bob', '1.png'), join(root, 'bob', '2.JPG')], groups: {} },
  ]);
});

test('a limit takes people evenly over the names', async () => {
  const root = tree(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}/x.jpg`));
  assert.deepEqual(
    (await listPeople(root, 3)).map(({ name }) => name),
    ['a', 'c', 'e'],
  );
});

test('no folder, or nobody in it, is people-missing', async () => {
  await assert.rejects(listPeople(tree(['stray.jpg']), undefined), { code: 'people-missing' });
  await assert.rejects(listPeople(join(tree([]), 'absent'), undefined), { code: 'people-missing' });
});

test('groups.json says who belongs where; whom it does not name has no groups, and a broken one is refused', async () => {
  const root = tree(['ada/x.jpg', 'bob/x.jpg']);
  writeFileSync(join(root, 'groups.json'), JSON.stringify({ ada: { gender: 'female', age: 'old' } }));
  const people = await listPeople(root, undefined);
  assert.deepEqual(
    people.map(({ groups }) => groups),
    [{ gender: 'female', age: 'old' }, {}],
  );
  writeFileSync(join(root, 'groups.json'), JSON.stringify({ ada: 'female' }));
  await assert.rejects(listPeople(root, undefined), {
    code: 'file-unreadable',
    data: { file: join(root, 'groups.json') },
  });
});
