import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { AUDIT_DAYS, createAudit, readAudit } from '../../src/audit/audit.js';
import { auditAnswers, auditJobs, auditPictures } from '../../src/audit/watch.js';
import type { Invocation } from '../../src/chat/invocation.js';
import { LikenessError } from '../../src/errors.js';
import { temporaryFolder } from '../temporary-folder.js';

const DAY = 24 * 60 * 60_000;

function world() {
  let now = Date.UTC(2026, 0, 5, 12);
  const folder = join(temporaryFolder(), 'audit');
  const errors: unknown[] = [];
  const audit = createAudit({ folder, onError: (error) => void errors.push(error), now: () => now });
  const entries = async (since?: string): Promise<Record<string, unknown>[]> => {
    await audit.close();
    const found: Record<string, unknown>[] = [];
    for await (const line of readAudit(folder, since)) found.push(JSON.parse(line));
    return found;
  };
  return { audit, folder, errors, entries, advance: (milliseconds: number) => void (now += milliseconds) };
}

const request: Invocation = {
  key: 'key',
  member: { platform: 'discord', id: '4001' },
  place: { kind: 'group', id: '5001', server: '6001' },
  standing: { mayAdminister: async () => false },
  command: 'portrait',
  options: { prompt: 'a secret request' },
  attachments: [],
  address: { token: 'token of the answer' },
};

const tag = ({ id }: { readonly id: string }): string => `code-${id[0]}`;

test('an entry says who, what and how it went by codes, and neither words nor ids', async () => {
  const { audit, folder, entries } = world();
  const record = auditAnswers(audit, tag);
  record(request);
  record(request, new LikenessError('prompt-sexual', { entry: 'nude' }));
  record({ ...request, place: { kind: 'direct', id: '4001' } }, new TypeError('a secret request'));
  auditPictures(audit)('several-people');
  const at = '2026-01-05T12:00:00.000Z';
  const common = { at, event: 'command', who: 'code-4', platform: 'discord', server: 'code-6', command: 'portrait' };
  const { server: _, ...alone } = common;
  assert.deepEqual(await entries(), [
    { ...common, outcome: 'answered' },
    { ...common, outcome: 'refused', reason: 'prompt-sexual', word: 'nude' },
    { ...alone, outcome: 'failed' },
    { at, event: 'picture', outcome: 'withheld', reason: 'several-people' },
  ]);
  record({ ...request, command: 'privacy' });
  assert.equal((await entries()).at(-1)?.['who'], undefined);
  const [file = ''] = readdirSync(folder);
  assert.doesNotMatch(readFileSync(join(folder, file), 'utf8'), /secret|token|4001|5001|6001/);
  assert.equal(statSync(join(folder, file)).mode & 0o077, 0);
});

test('entries are read from a day on, and are gone after their time', async () => {
  const { audit, entries, advance } = world();
  const pictures = auditPictures(audit);
  pictures('no-face');
  advance(DAY);
  pictures('someone-else');
  assert.deepEqual(
    (await entries()).map(({ reason }) => reason),
    ['no-face', 'someone-else'],
  );
  assert.deepEqual(
    (await entries('2026-01-06')).map(({ reason }) => reason),
    ['someone-else'],
  );
  advance((AUDIT_DAYS - 1) * DAY);
  pictures('no-face');
  assert.equal((await entries()).length, 3);
  advance(DAY);
  pictures('no-face');
  assert.deepEqual(
    (await entries()).map(({ at }) => String(at).slice(0, 10)),
    ['2026-01-06', '2026-02-04', '2026-02-05'],
  );
});

test('a member who is forgotten is taken out, whenever it was', async () => {
  const { audit, errors, entries, advance } = world();
  const record = auditAnswers(audit, tag);
  record(request);
  record({ ...request, member: { platform: 'discord', id: '9' } });
  advance(DAY);
  record(request);
  await audit.forget('code-4');
  assert.deepEqual(
    (await entries()).map(({ who }) => who),
    ['code-9'],
  );
  record(request);
  assert.equal((await entries()).length, 2);
  assert.deepEqual(errors, []);
});

test('an album is followed from its acceptance to its end', async () => {
  const { audit, entries } = world();
  const watcher = auditJobs(audit, tag);
  const draft = {
    ...request,
    locale: 'en',
    photos: [],
    parameters: { prompt: 'a secret request', count: 3, strength: 80, seed: 1 },
  };
  const begun = { state: 'queued', sequence: 1, acceptedAt: 0, attempts: 0, cancelRequested: false } as const;
  watcher.accepted({ ...draft, ...begun, id: 'job-1' });
  watcher.ended('job-1', 'done');
  const at = '2026-01-05T12:00:00.000Z';
  assert.deepEqual(await entries(), [
    { at, event: 'album', job: 'job-1', who: 'code-4', platform: 'discord', count: 3, outcome: 'accepted' },
    { at, event: 'album', job: 'job-1', outcome: 'done' },
  ]);
});

test('a folder that cannot be written is told of, and stops nothing', async () => {
  const errors: unknown[] = [];
  const audit = createAudit({ folder: '/dev/null/audit', onError: (error) => void errors.push(error) });
  auditPictures(audit)('no-face');
  await audit.close();
  assert.equal(errors.length, 1);
});
