import { readFile } from 'node:fs/promises';
import { LikenessError } from '../errors.js';
import { MESH_POINTS } from './head.js';

/** What the draft can move a face by: each has a shape, a light and, where it opens the mouth, teeth. */
export const MOVEMENTS = ['smile', 'grin', 'surprise', 'sadness'] as const;

/** One of `MOVEMENTS`. */
export type Movement = (typeof MOVEMENTS)[number];

/** How far a face has moved in each way; 0 is the neutral face, 1 what people show on average when they do. */
export type Movements = Readonly<Record<Movement, number>>;

/** A face at rest. */
export const AT_REST: Movements = { smile: 0, grin: 0, surprise: 0, sadness: 0 };

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
  const each = <T>(make: (index: number, name: Movement) => T): Record<Movement, T> =>
    Object.fromEntries(MOVEMENTS.map((name, index) => [name, make(index, name)])) as Record<Movement, T>;
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
    shapes: each((index) => row('shapes', index)),
    readers: each((index) => row('readers', index)),
    lights: each((index) => chart('lights', index)),
    mouths: Object.fromEntries(mouths),
  };
}

interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** The float32 tensors of a safetensors file: eight bytes of header length, a JSON header, the values. */
function readSafetensors(bytes: Uint8Array, file: string): Map<string, StoredTensor> {
  try {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const length = Number(view.getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length))) as Record<
      string,
      { readonly dtype: string; readonly shape: readonly number[]; readonly data_offsets: readonly [number, number] }
    >;
    const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
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
          return [name, { shape, data: widen(values, dtype) }];
        },
      ),
    );
  } catch (cause) {
    throw new LikenessError('bundle-corrupt', { file }, { cause });
  }
}

function widen(values: Uint8Array, dtype: string): Float32Array {
  if (dtype === 'F32') return new Float32Array(values.buffer, 0, values.length / 4);
  if (dtype !== 'F16') throw new TypeError(`Expected float32 or float16, got ${dtype}`);
  return Float32Array.from(new Uint16Array(values.buffer, 0, values.length / 2), fromHalf);
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

/** What of a canonical mesh is movement, by the model's readers; movements of less than nothing are none. */
export function readMovements(model: AppearanceModel, canonical: Float64Array): Movements {
  const amounts = MOVEMENTS.map((name) => {
    const reader = model.readers[name];
    let sum = 0;
    for (let at = 0; at < reader.length; at++)
      sum += (reader[at] ?? 0) * ((canonical[at] ?? 0) - (model.reference[at] ?? 0));
    return [name, Math.min(1.5, Math.max(0, sum))] as const;
  });
  return Object.fromEntries(amounts) as Record<Movement, number>;
}
