import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likeness } from './likeness.js';

/** A module that lets onnxruntime's native part be as it is on a system that it was not made for. */
const HOOKS = `export async function load(url, context, next) {
  if (url.includes('/onnxruntime-node/')) throw new Error('libonnxruntime.so.1: cannot open shared object file');
  return next(url, context);
}`;
const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
const without = {
  NODE_OPTIONS: `--import=${moduleOf(`import { register } from 'node:module'; register(${JSON.stringify(moduleOf(HOOKS))});`)}`,
};

test('without onnxruntime’s native library the version and the help are told all the same', async () => {
  assert.match((await likeness(['--version'], without)).stdout, /^\d/);
  assert.match((await likeness(['--help'], without)).stdout, /portrait/);
});

test('without onnxruntime’s native library doctor and a portrait say so in one sentence, with what is needed', async () => {
  const { code, stdout } = await likeness(['doctor', 'engine', 'faces'], without);
  assert.equal(code, 1);
  const said = /onnxruntime cannot be loaded on this system: libonnxruntime\.so\.1: .*glibc 2\.28/g;
  assert.equal(stdout.match(said)?.length, 2, stdout);
});
