import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { LikenessError } from '../errors.js';
import { MESH_POINTS } from './head.js';

/** What the draft can move a face by: each has a shape, a light and, where it opens the mouth, teeth. */
export const MOVEMENTS = ['smile', 'grin', 'surprise', 'sadness'] as const;

/** One of `MOVEMENTS`. */
export type Movement = (typeof MOVEMENTS)[number];

/** How far a face has moved in each way; 0 is the neutral face, 1 what people show on average when they do. */
export type Movements = Readonly<Record<Movement, number>>;

/** Something for each movement. */
export function eachMovement<T>(make: (name: Movement, index: number) => T): Record<Movement, T> {
  const [smile, grin, surprise, sadness] = MOVEMENTS;
  return { smile: make(smile, 0), grin: make(grin, 1), surprise: make(surprise, 2), sadness: make(sadness, 3) };
}

/** A face at rest. */
export const AT_REST: Movements = eachMovement(() => 0);

/** A stack of pictures of one size, channels last, values as the model keeps them. */
export interface Chart {
  readonly width: number;
  readonly height: number;
  /** One picture after the other, each `height * width * 3`. */
  readonly data: Float32Array;
}

/** Means and principal components of open mouths of one kind: what lies between the lips, 0..255. */
export interface MouthModel {
  readonly mean: Chart;
  readonly components: Chart;
  /** Standard deviation along each component. */
  readonly deviations: Float32Array;
}

/** How faces look and move, learnt from many: means and components alone, nobody's picture. */
export interface AppearanceModel {
  /** The mean head, canonical. */
  readonly reference: Float64Array;
  /** Triangles of the face, without the mouth's inside. */
  readonly triangles: Int32Array;
  /** For each point the one on the other side of the face. */
  readonly mirror: Int32Array;
  /** By how much each movement moves each point, canonical. */
  readonly shapes: Readonly<Record<Movement, Float64Array>>;
  /** What of a mesh's difference to the reference is movement: rows of `MESH_POINTS` * 3. */
  readonly readers: Readonly<Record<Movement, Float64Array>>;
  /** Logarithm of how light changes with each movement, by place on the head: see `lightPlace`. */
  readonly lights: Readonly<Record<Movement, Chart>>;
  readonly mouths: Readonly<Partial<Record<Movement, MouthModel>>>;
}

/** Reads an appearance model from a safetensors file. @throws LikenessError `bundle-corrupt` when it is none. */
export async function readAppearanceModel(file: string): Promise<AppearanceModel> {
  const tensors = readSafetensors(await readFile(file), file);
  const floats = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (!(tensor?.data instanceof Float32Array)) throw new LikenessError('bundle-corrupt', { file });
    return tensor.data;
  };
  const chart = (name: string, index?: number): Chart => {
    const data = floats(name);
    const [width = 1, height = 1] = [tensors.get(name)?.shape.at(-2), tensors.get(name)?.shape.at(-3)];
    const size = width * height * 3;
    return { width, height, data: index === undefined ? data : data.subarray(index * size, (index + 1) * size) };
  };
  const integers = (name: string): Int32Array => Int32Array.from(floats(name));
  const row = (name: string, index: number): Float64Array =>
    Float64Array.from(floats(name).subarray(index * MESH_POINTS * 3, (index + 1) * MESH_POINTS * 3));
  const mouths = MOVEMENTS.filter((name) => tensors.has(`mouth_mean.${name}`)).map((name): [Movement, MouthModel] => [
    name,
    {
      mean: chart(`mouth_mean.${name}`),
      components: chart(`mouth_components.${name}`),
      deviations: floats(`mouth_deviations.${name}`),
    },
  ]);
  return {
    reference: Float64Array.from(floats('reference')),
    triangles: integers('triangles'),
    mirror: integers('mirror'),
    shapes: eachMovement((_, index) => row('shapes', index)),
    readers: eachMovement((_, index) => row('readers', index)),
    lights: eachMovement((_, index) => chart('lights', index)),
    mouths: Object.fromEntries(mouths),
  };
}

/** What a file may say about itself. */
const METADATA = '__metadata__';
const fileSchema = z.record(z.string(), z.unknown());

const headerSchema = z.record(
  z.string(),
  z.object({
    dtype: z.enum(['F32', 'F16']),
    shape: z.array(z.int().nonnegative()),
    data_offsets: z.tuple([z.int().nonnegative(), z.int().nonnegative()]),
  }),
);

interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The float32 tensors of a safetensors file: eight bytes of header length, a JSON header, the values. */
function readSafetensors(bytes: Uint8Array, file: string): Map<string, StoredTensor> {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = Number(view.getBigUint64(0, true));
    const { [METADATA]: _, ...described } = fileSchema.parse(
      JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))),
    );
    const header = headerSchema.parse(described);
    const entries = Object.entries(header);
    const halves = allHalves();
    return new Map(
      entries.map(
        ([
          name,
          {
            dtype,
            shape,
            data_offsets: [start, end],
          },
        ]) => {
          const values = new Uint8Array(bytes.subarray(8 + length + start, 8 + length + end));
          if (values.length !== end - start) throw new RangeError(`Expected ${end - start} bytes of ${name}`);
          return [name, { shape, data: widen(values, dtype, halves) }];
        },
      ),
    );
  } catch (cause) {
    throw new LikenessError('bundle-corrupt', { file }, { cause });
  }
}

/** Stored values as float32; `halves` has the number of each binary16 at its bits. */
function widen(values: Uint8Array, dtype: 'F32' | 'F16', halves: Float32Array): Float32Array {
  if (dtype === 'F32') return new Float32Array(values.buffer, 0, values.length / 4);
  const bits = new Uint16Array(values.buffer, 0, values.length / 2);
  const wide = new Float32Array(bits.length);
  for (let at = 0; at < bits.length; at++) wide[at] = halves[bits[at] ?? 0] ?? 0;
  return wide;
}

/** The number of each binary16: there are fewer of them than values, and each is worked out once. */
function allHalves(): Float32Array {
  return Float32Array.from({ length: 0x10000 }, (_, bits) => fromHalf(bits));
}

/** IEEE 754 binary16 to a number. */
function fromHalf(bits: number): number {
  const sign = bits >> 15 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Where a canonical point lies in the charts of light, as parts of their width and height. */
export function lightPlace(x: number, y: number): readonly [u: number, v: number] {
  return [(x + 1) / 2, (y + 0.9) / 2.4];
}

/** No face is read as moved further than this. */
const MOST = 1.5;

/** What of a canonical mesh is movement, by the model's readers; movements of less than nothing are none. */
export function readMovements(model: AppearanceModel, canonical: Float64Array): Movements {
  return eachMovement((name) => {
    const reader = model.readers[name];
    let sum = 0;
    for (let at = 0; at < reader.length; at++) {
      sum += (reader[at] ?? 0) * ((canonical[at] ?? 0) - (model.reference[at] ?? 0));
    }
    return Math.min(MOST, Math.max(0, sum));
  });
}
