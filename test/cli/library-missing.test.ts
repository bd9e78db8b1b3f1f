import assert from 'node:assert/strict';
import { test } from 'node:test';
import { likeness } from './likeness.js';

const moduleOf = (source: string): string => `data:text/javascript,${encodeURIComponent(source)}`;
const preloaded = (source: string) => ({ NODE_OPTIONS: `--import=${moduleOf(source)}` });

/** Lets a library be as it is on a system that its native part was not made for: it says so when it is loaded. */
function without(library: string, problem: string) {
  const hooks = `export async function load(url, context, next) {
    if (url.includes('/${library}/')) throw new Error(${JSON.stringify(problem)});
    return next(url, context);
  }`;
  return preloaded(`import { register } from 'node:module'; register(${JSON.stringify(moduleOf(hooks))});`);
}

const withoutRuntime = without('onnxruntime-node', 'libonnxruntime.so.1: cannot open shared object file');

test('without onnxruntime’s native library the version and the help are told all the same', async () => {
  assert.match((await likeness(['--version'], withoutRuntime)).stdout, /^\d/);
  assert.match((await likeness(['--help'], withoutRuntime)).stdout, /portrait/);
});

test('without onnxruntime’s native library doctor and a portrait say so in one sentence, with what is needed', async () => {
  const { code, stdout } = await likeness(['doctor', 'engine', 'faces'], withoutRuntime);
  assert.equal(code, 1);
  const said = /onnxruntime cannot be loaded on this system: libonnxruntime\.so\.1: .*glibc 2\.28/g;
  assert.equal(stdout.match(said)?.length, 2, stdout);
});

test('without sharp’s native library it was said that something went wrong: which systems it needs is', async () => {
  const problem = 'libvips-cpp.so.8.18.7: cannot open shared object file: No such file or directory';
  const words = `Could not load the "sharp" module using the linux-x64 runtime\nERR_DLOPEN_FAILED: ${problem}\nPossible solutions:`;
  const bare = without('sharp', words);
  const { code, stderr } = await likeness(['serve', '--port', '0'], bare);
  assert.match(
    stderr,
    /^sharp cannot be loaded on this system: libvips-cpp\.so\.8\.18\.7: .* It needs .*glibc 2\.28.*\n$/,
  );
  assert.equal(code, 6);
  assert.match((await likeness(['--help'], bare)).stdout, /portrait/);
});

test('without libsql’s native library even doctor ended with a stack: it and serve say which systems it needs', async () => {
  const bare = preloaded(`import Module from 'node:module';
    const resolve = Module._resolveFilename;
    Module._resolveFilename = (name, ...rest) => {
      if (!name.startsWith('@libsql/')) return resolve(name, ...rest);
      throw Object.assign(new Error(\`Cannot find module '\${name}'\nRequire stack:\n- libsql/index.js\`), { code: 'MODULE_NOT_FOUND' });
    };`);
  const said =
    /libsql cannot be loaded on this system: Cannot find module '@libsql\/[^']+'\. It needs .*glibc 2\.28.*\n/;
  const examined = await likeness(['doctor', 'data'], bare);
  assert.match(examined.stdout, said);
  assert.equal(examined.code, 1);
  const { code, stderr } = await likeness(['serve', '--port', '0'], { ...bare, LIKENESS_LOG_LEVEL: 'warn' });
  assert.match(stderr, new RegExp(`^${said.source}$`));
  assert.equal(code, 6);
});
