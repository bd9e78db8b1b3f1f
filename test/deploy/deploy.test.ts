import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot, knownSettings } from '../../src/config.js';

const read = (name: string): string => readFileSync(join(packageRoot, name), 'utf8');

/** Variables that Node and onnxruntime read. */
const OTHERS = new Set(['NODE_ENV', 'ORT_DISABLE_TELEMETRY']);

function assertKnown(names: Iterable<string>): void {
  for (const name of names)
    assert.ok(OTHERS.has(name) || knownSettings.has(name.replace(/_FILE$/, '')), `unknown ${name}`);
}

/** A Dockerfile's instructions, each with its words; comments and line breaks inside them are gone. */
function readDockerfile(): { readonly name: string; readonly words: readonly string[] }[] {
  return read('Dockerfile')
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll('\\\n', ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.trim().split(/\s+/))
    .map(([name = '', ...words]) => ({ name, words }));
}

const service = z.object({
  environment: z.record(z.string(), z.string()).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  cap_drop: z.array(z.string()),
  security_opt: z.array(z.string()),
});
const compose = z.object({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) });

test('the image: every file it is made of is there and reaches the build', () => {
  const allowed = read('.dockerignore')
    .split('\n')
    .filter((line) => line.startsWith('!'))
    .map((line) => line.slice(1));
  const copied = readDockerfile()
    .filter(({ name, words }) => name === 'COPY' && !words.some((word) => word.startsWith('--from')))
    .flatMap(({ words }) => words.slice(0, -1));
  assert.ok(copied.length > 0);
  for (const path of copied) assert.ok(existsSync(join(packageRoot, path)), `${path} is copied and not there`);
  assert.deepEqual([...new Set(copied)].sort(), allowed.sort(), 'what is copied and what reaches the build');
  const { include } = JSON.parse(read('tsconfig.build.json'));
  for (const folder of include) assert.ok(copied.includes(folder), `${folder} is compiled and not copied`);
});

test('the image: no root, settings that exist, a health check on a port that is served', () => {
  const dockerfile = readDockerfile();
  const last = dockerfile.findLastIndex(({ name }) => name === 'FROM');
  const final = dockerfile.slice(last);
  assert.deepEqual(final.findLast(({ name }) => name === 'USER')?.words, ['node']);
  const set = new Map(
    final
      .filter(({ name }) => name === 'ENV')
      .flatMap(({ words }) => words)
      .map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? ''] as const),
  );
  assertKnown(set.keys());
  assert.equal(set.get('ORT_DISABLE_TELEMETRY'), '1');
  const check = final.find(({ name }) => name === 'HEALTHCHECK')?.words.join(' ') ?? '';
  assert.ok(check.includes(`:${set.get('LIKENESS_METRICS_PORT')}/healthz`), check);
  const { bin } = JSON.parse(read('package.json'));
  assert.deepEqual(final.find(({ name }) => name === 'ENTRYPOINT')?.words, ['["node",', `"${bin.likeness}"]`]);
  const { engines } = JSON.parse(read('package.json'));
  const [newest = ''] = engines.node.match(/\d+$/) ?? [];
  for (const { words } of dockerfile.filter(({ name }) => name === 'FROM')) {
    assert.match(words[0] ?? '', new RegExp(`^node:${newest}-`));
  }
});

test('the compose file: settings that exist, nothing open to the world, no rights to spare', () => {
  const { services, volumes } = compose.parse(parse(read('compose.yaml')));
  assert.deepEqual(services['bot']?.profiles, [], 'the bot starts by itself');
  for (const { environment, ports, security_opt: options, cap_drop: dropped, volumes: used } of Object.values(
    services,
  )) {
    assertKnown(Object.keys(environment));
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:/);
    assert.ok(options.includes('no-new-privileges:true'));
    assert.deepEqual(dropped, ['ALL']);
    for (const volume of used) assert.ok((volume.split(':')[0] ?? '') in volumes, `${volume} is not declared`);
  }
});

test('the service: settings that exist, the command that package.json names, no root', () => {
  const unit = read('deploy/likeness.service');
  const values = (key: string): string[] =>
    [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value = '']) => value);
  assertKnown(values('Environment').map((pair) => pair.split('=')[0] ?? ''));
  const { bin } = JSON.parse(read('package.json'));
  assert.ok(values('ExecStart')[0]?.endsWith(`/${bin.likeness} serve`));
  assert.deepEqual([values('DynamicUser'), values('NoNewPrivileges'), values('User')], [['yes'], ['yes'], []]);
  const [state] = values('StateDirectory');
  assert.ok(values('Environment').includes(`LIKENESS_DATA=/var/lib/${state}`));
  assert.ok(values('Environment').includes('ORT_DISABLE_TELEMETRY=1'));
});
