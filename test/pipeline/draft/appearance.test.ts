import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it, type TestContext } from 'node:test';
import { appearanceFile, loadBundle } from '../../../pipeline/bundle.js';
import { MOVEMENTS, readAppearanceModel, readMovements } from '../../../pipeline/draft/appearance.js';
import { MESH_POINTS } from '../../../pipeline/draft/head.js';
import { drawMouth } from '../../../pipeline/draft/mouth.js';
import { EYE_CORNERS, LEFT_EYE, LIPS_INNER, LIPS_OUTER, OVAL, RIGHT_EYE } from '../../../pipeline/draft/regions.js';
import { LikenessError } from '../../../pipeline/errors.js';
import { TINY_BUNDLE } from '../../fixtures/drafting.js';

const shipped = appearanceFile(await loadBundle(TINY_BUNDLE)) ?? '';
const VALUES = MESH_POINTS * 3;

async function fileOf(test: TestContext, bytes: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'likeness-appearance-'));
  test.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'appearance.safetensors');
  await writeFile(file, bytes);
  return file;
}

interface Stored {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const floats = (shape: readonly number[], values?: readonly number[]): Stored => {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  if (values) data.set(values);
  return { dtype: 'F32', shape, bytes: new Uint8Array(data.buffer) };
};

const halves = (shape: readonly number[], bits: readonly number[]): Stored => {
  const data = new Uint16Array(shape.reduce((product, size) => product * size, 1));
  data.set(bits);
  return { dtype: 'F16', shape, bytes: new Uint8Array(data.buffer) };
};

/** A safetensors file as the format says: length of the header, header, values. */
function safetensors(tensors: Readonly<Record<string, Stored>>): Uint8Array {
  let offset = 0;
  const header = Object.fromEntries(
    Object.entries(tensors).map(([name, { dtype, shape, bytes }]) => {
      const data_offsets = [offset, (offset += bytes.length)];
      return [name, { dtype, shape, data_offsets }];
    }),
  );
  const json = Buffer.from(JSON.stringify({ __metadata__: { made: 'by a test' }, ...header }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([length, json, ...Object.values(tensors).map(({ bytes }) => bytes)]);
}

/** The smallest appearance model: nothing moves. */
const smallest = {
  reference: floats([MESH_POINTS, 3]),
  triangles: floats([1, 3], [0, 1, 2]),
  mirror: floats([MESH_POINTS]),
  shapes: floats([4, MESH_POINTS, 3]),
  readers: floats([4, MESH_POINTS, 3]),
  lights: floats([4, 2, 2, 3]),
};

const isCorrupt = (error: unknown): boolean => error instanceof LikenessError && error.code === 'bundle-corrupt';

describe('the appearance model that is shipped', () => {
  it('has a head, its triangles and its mirror image', async () => {
    const { reference, triangles, mirror } = await readAppearanceModel(shipped);
    assert.equal(reference.length, VALUES);
    assert.ok(reference.every(Number.isFinite));
    assert.ok(triangles.length > 2400 && triangles.length % 3 === 0);
    assert.ok(triangles.every((point) => point >= 0 && point < MESH_POINTS));
    assert.equal(mirror[EYE_CORNERS[0]], EYE_CORNERS[1]);
    const width = (reference[EYE_CORNERS[1] * 3] ?? 0) - (reference[EYE_CORNERS[0] * 3] ?? 0);
    assert.ok(Math.abs(width - 1) < 0.05, `${width} between the corners of the eyes`);
  });

  it('covers the face but for the mouth, every triangle towards the camera', async () => {
    const { reference, triangles } = await readAppearanceModel(shipped);
    const inner = new Set(LIPS_INNER);
    let away = 0;
    for (let at = 0; at < triangles.length; at += 3) {
      const corners = [...triangles.subarray(at, at + 3)];
      assert.ok(!corners.every((point) => inner.has(point)), `triangle ${corners.join()} lies in the mouth`);
      const [[ax, ay], [bx, by], [cx, cy]] = corners.map((point) => [
        reference[point * 3] ?? 0,
        reference[point * 3 + 1] ?? 0,
      ]) as unknown as readonly [readonly [number, number], readonly [number, number], readonly [number, number]];
      if ((bx - ax) * (cy - ay) - (by - ay) * (cx - ax) < 0) away += 1;
    }
    assert.ok(away < 0.03 * (triangles.length / 3), `${away} turned away`);
    const used = new Set(triangles);
    for (const point of [...OVAL, ...LIPS_OUTER, ...LIPS_INNER, ...LEFT_EYE, ...RIGHT_EYE]) assert.ok(used.has(point));
  });

  it('reads the movements that it makes', async () => {
    const model = await readAppearanceModel(shipped);
    for (const name of MOVEMENTS) {
      const moved = model.reference.map((value, at) => value + (model.shapes[name][at] ?? 0));
      const read = readMovements(model, moved);
      assert.ok(read[name] > 0.15 && read[name] < 1.4, `${name}: ${JSON.stringify(read)}`);
    }
    for (const amount of Object.values(readMovements(model, model.reference))) assert.equal(amount, 0);
  });

  it('reads a whole movement as about one, and as that movement', async () => {
    const model = await readAppearanceModel(shipped);
    for (const name of MOVEMENTS) {
      const moved = model.reference.map((value, at) => value + (model.shapes[name][at] ?? 0));
      const read = readMovements(model, moved);
      assert.ok(read[name] > 0.6 && read[name] < 1.4, `${name}: ${JSON.stringify(read)}`);
      for (const other of MOVEMENTS) if (other !== name) assert.ok(read[other] < read[name], JSON.stringify(read));
    }
  });

  it('has one point on the other side for each, and that of the other side is the point itself', async () => {
    const { mirror } = await readAppearanceModel(shipped);
    mirror.forEach((other, point) => assert.equal(mirror[other], point));
  });

  it('draws mouths that differ by seed, and the same for the same', async () => {
    const { mouths } = await readAppearanceModel(shipped);
    assert.ok(mouths.grin && mouths.surprise, 'grins and surprised faces open the mouth');
    for (const mouth of Object.values(mouths)) {
      assert.deepEqual(drawMouth(mouth, 5), drawMouth(mouth, 5));
      assert.notDeepEqual(drawMouth(mouth, 5).data, drawMouth(mouth, 6).data);
      for (const value of drawMouth(mouth, 5).data) assert.ok(value > -80 && value < 335, String(value));
    }
  });
});

describe('readAppearanceModel', () => {
  it('reads float16 as exactly as float32', async (test) => {
    const bits = [0x0000, 0x8000, 0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x03ff, 0xb266];
    const known = [0, -0, 1, -2, 0.333251953125, 65504, 2 ** -14, 2 ** -24, 1023 * 2 ** -24, -0.199951171875];
    const file = await fileOf(test, safetensors({ ...smallest, reference: halves([MESH_POINTS, 3], bits) }));
    const { reference } = await readAppearanceModel(file);
    assert.deepEqual([...reference.subarray(0, known.length)], known);
  });

  it('reads each part where the header says it is', async (test) => {
    const lights = floats(
      [4, 2, 2, 3],
      Array.from({ length: 48 }, (_, index) => index),
    );
    const model = await readAppearanceModel(await fileOf(test, safetensors({ ...smallest, lights })));
    assert.deepEqual([...model.triangles], [0, 1, 2]);
    assert.deepEqual([model.lights.grin.width, model.lights.grin.height], [2, 2]);
    assert.deepEqual([...model.lights.grin.data], [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]);
    assert.deepEqual(model.mouths, {});
  });

  it('refuses a file that was cut short within its header', async (test) => {
    const whole = await readFile(shipped);
    for (const length of [0, 4, 8, 100]) {
      const file = await fileOf(test, whole.subarray(0, length));
      await assert.rejects(readAppearanceModel(file), isCorrupt, `${length} bytes`);
    }
  });

  it('refuses a file that was cut short within its values', async (test) => {
    const whole = await readFile(shipped);
    for (const length of [5000, whole.length - 400_000, whole.length - 2]) {
      const file = await fileOf(test, whole.subarray(0, length));
      await assert.rejects(readAppearanceModel(file), isCorrupt, `${length} bytes`);
    }
  });

  it('refuses what is no safetensors file, and one without a part or of another kind of number', async (test) => {
    const { reference: _, ...headless } = smallest;
    const damaged: readonly Uint8Array[] = [
      Buffer.from('not a model at all, only some words of a text'),
      Buffer.alloc(64, 0xff),
      safetensors(headless),
      safetensors({ ...smallest, mirror: { dtype: 'I64', shape: [1], bytes: new Uint8Array(8) } }),
    ];
    for (const bytes of damaged)
      await assert.rejects(readAppearanceModel(await fileOf(test, bytes)), isCorrupt, bytes.subarray(0, 60).toString());
  });
});
