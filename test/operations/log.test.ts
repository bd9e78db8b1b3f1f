import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { LikenessError } from '../../src/errors.js';
import { createLog, createMemberTag } from '../../src/operations/log.js';
import { readableLines } from '../../src/operations/readable-log.js';

const DISCORD = `${randomBytes(18).toString('base64url')}.Gabcde.${randomBytes(28).toString('base64url')}`;
const TELEGRAM = `4503599627370:${randomBytes(26).toString('base64url')}`;
const KEY = randomBytes(32).toString('hex');

function open(level = 'trace', secrets: readonly (string | undefined)[] = []) {
  const lines: string[] = [];
  const log = createLog({ level, secrets, destination: { write: (line) => void lines.push(line) } });
  return { log, lines };
}

const secretTexts: Readonly<Record<string, readonly [text: string, secret: string]>> = {
  'a token of Discord': [`login with ${DISCORD} failed`, DISCORD],
  'a token of Telegram': [`https://api.telegram.org/bot${TELEGRAM}/getMe failed`, TELEGRAM],
  'a file link of Telegram': [
    `GET https://api.telegram.org/file/bot${TELEGRAM}/photos/file_1.jpg: 404`,
    'photos/file_1.jpg',
  ],
  'a file link of a Bot API server of one’s own': [
    `GET http://127.0.0.1:8081/file/bot1:x/photos/file_2.jpg`,
    'file_2.jpg',
  ],
  'a file link of Discord': [
    'GET https://cdn.discordapp.com/attachments/1/2/me.jpg?ex=6&is=5&hm=4 failed',
    'attachments/1/2/me.jpg',
  ],
  'an interaction’s token': [
    'PATCH /webhooks/123456789/aW50ZXJhY3Rpb246MTIz/messages/@original',
    'aW50ZXJhY3Rpb246MTIz',
  ],
  'a password in an address': ['connect rediss://bot:hunter2@redis:6379 refused', 'hunter2'],
};

for (const [name, [text, secret]] of Object.entries(secretTexts)) {
  test(`${name} stands in no line: as message, field, error, cause or key`, () => {
    const { log, lines } = open();
    log.info(text);
    log.info({ url: text, nested: { [text]: [text] } }, 'field');
    log.error({ err: new TypeError(text, { cause: new Error(text, { cause: text }) }) }, 'failed');
    log.warn({ cause: text }, 'refused');
    log.child({ text }).fatal('child');
    assert.equal(lines.length, 5);
    for (const line of lines) {
      assert.ok(!line.includes(secret), line);
      assert.equal(typeof JSON.parse(line), 'object');
    }
  });
}

test('a secret of the configuration stands in no line, whatever it looks like', () => {
  const { log, lines } = open('info', [KEY, 'correct horse battery', undefined, '']);
  log.info({ KEY, words: 'correct horse battery' }, encodeURIComponent('correct horse battery'));
  assert.doesNotMatch(lines.join(''), new RegExp(`${KEY}|horse`));
});

test('what is no secret stays: times, ids, versions, addresses', () => {
  const { log, lines } = open('info', ['short']);
  const said = 'Discord closed the connection: 4004 at http://127.0.0.1:8787/ v14.28.1 in 12:30:00, short';
  log.info({ job: '0b8e4a5e-6f0a-4a0e-9d3e-1c2b3a4d5e6f' }, said);
  assert.match(lines.join(''), /0b8e4a5e-6f0a-4a0e-9d3e-1c2b3a4d5e6f/);
  assert.ok(lines.join('').includes(said));
});

test('errors keep their words, code and causes, and lose what libraries hang on them', () => {
  const { log, lines } = open();
  const cause = Object.assign(new Error('socket'), {
    code: 'ECONNRESET',
    requestBody: { files: [Buffer.from('face')] },
  });
  log.error({ err: new LikenessError('engine-failed', { cause: 'SIGKILL' }, { cause }) }, 'failed');
  const { err } = JSON.parse(lines.join(''));
  assert.deepEqual([err.code, err.cause.code, err.cause.message], ['engine-failed', 'ECONNRESET', 'socket']);
  assert.doesNotMatch(lines.join(''), /requestBody/);
});

test('the level is the operator’s', () => {
  const { log, lines } = open('warn');
  log.info('quiet');
  log.warn('loud');
  assert.equal(lines.length, 1);
});

test('a member’s tag is the same for the same key, and tells neither id nor platform', () => {
  const key = randomBytes(32);
  const [tag, again, other] = [createMemberTag(key), createMemberTag(key), createMemberTag(randomBytes(32))];
  const ann = { platform: 'discord', id: '80351110224678912' } as const;
  assert.match(tag(ann), /^[0-9a-f]{12}$/);
  assert.equal(tag(ann), again(ann));
  assert.notEqual(tag(ann), other(ann));
  assert.notEqual(tag(ann), tag({ ...ann, platform: 'telegram' }));
});

test('a terminal was shown JSON: there a line says when, what and with what, and an error its causes, without a secret', () => {
  const lines: string[] = [];
  const destination = readableLines({ write: (line) => void lines.push(stripVTControlCharacters(line)) });
  const log = createLog({ level: 'info', secrets: [KEY], destination });
  log.info({ job: 'a1', count: 4 }, 'job accepted');
  log.error({ err: new TypeError(`no ${KEY}`, { cause: new LikenessError('no-face') }), platform: 'web' }, 'failed');
  log.warn('odd');
  destination.write('no JSON\n');
  assert.match(lines[0] ?? '', /^\d\d:\d\d:\d\d {2}job accepted {2}job: a1 {2}count: 4\n$/);
  assert.match(
    lines[1] ?? '',
    /^\S+ {2}error {2}failed {2}err: TypeError: no \[\w+\] ← LikenessError: .+ {2}platform: web\n$/,
  );
  assert.match(lines[2] ?? '', /^\S+ {2}warning {2}odd\n$/);
  assert.equal(lines[3], 'no JSON\n');
  assert.ok(!lines.join('').includes(KEY));
});
