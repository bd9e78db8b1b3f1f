import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { loadConfig } from '../../../src/config.js';
import { temporaryFolder } from '../../temporary-folder.js';

const token = 'MTA.GabcdE.secret-part_of_the_token';

test('a token, or a file that holds it, switches Discord on; an empty one does not', () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, 'secret'), `${token}\n`);
  assert.equal(loadConfig({ env: { DISCORD_TOKEN: token }, cwd }).discord.token, token);
  assert.equal(loadConfig({ env: { DISCORD_TOKEN_FILE: 'secret' }, cwd }).discord.token, token);
  assert.equal(loadConfig({ env: { DISCORD_TOKEN: '' }, cwd }).discord.token, undefined);
});

test('a token that cannot be one is named by its variable and not shown', () => {
  const mistake = (error: unknown): boolean => {
    const shown = inspect(error, { depth: 9 });
    return shown.includes('DISCORD_TOKEN') && !shown.includes('secret-part');
  };
  assert.throws(() => loadConfig({ env: { DISCORD_TOKEN: `Bot ${token}` }, cwd: temporaryFolder() }), mistake);
});
