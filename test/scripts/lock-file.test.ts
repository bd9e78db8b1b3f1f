import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { z } from 'zod';
import { packageRoot } from '../../src/config.js';

const lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      integrity: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).optional(),
    }),
  ),
});
const { packages } = lock.parse(JSON.parse(readFileSync(join(packageRoot, 'package-lock.json'), 'utf8')));
const installed = Object.entries(packages).filter(([path]) => path !== '');

test('the lock names what is installed by its content, and no host to fetch it from', () => {
  for (const [path, { resolved, integrity }] of installed) {
    assert.equal(resolved, undefined, path);
    assert.match(integrity ?? '', /^sha512-/, path);
  }
});

test('the lock holds the packages of every platform: npm ci refuses one that lacks an optional package', () => {
  const names = new Set(
    installed.map(([path]) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)),
  );
  for (const [path, { optionalDependencies = {} }] of installed) {
    for (const name of Object.keys(optionalDependencies)) assert.ok(names.has(name), `${name} of ${path}`);
  }
});

test('npm runs no script of a package while it installs, whichever version of npm it is', () => {
  const set = execFileSync('npm', ['config', 'get', 'ignore-scripts'], { cwd: packageRoot, encoding: 'utf8' });
  assert.equal(set.trim(), 'true');
});
