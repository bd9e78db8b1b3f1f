import type { RgbImage } from './image.js';

/** A dense array as graphs take and give it: row-major, `data.length` equals the product of `dims`. */
export interface Tensor {
  readonly type: 'float32' | 'int64';
  readonly dims: readonly number[];
  readonly data: Float32Array | BigInt64Array;
}

/** A tensor known to hold float32. */
export interface FloatTensor extends Tensor {
  readonly type: 'float32';
  readonly data: Float32Array;
}

/** The number of elements of a shape. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}

/** Wraps (or makes, filled with zeros) a float32 tensor; throws when data and shape disagree. */
export function floatTensor(
  dims: readonly number[],
  data: Float32Array = new Float32Array(elementCount(dims)),
): FloatTensor {
  if (data.length !== elementCount(dims)) {
    throw new RangeError(`Expected ${elementCount(dims)} values for shape [${dims.join(', ')}], got ${data.length}`);
  }
  return { type: 'float32', dims, data };
}

/** An int64 tensor of whole numbers, such as token ids. */
export function intTensor(dims: readonly number[], values: readonly number[]): Tensor {
  if (values.length !== elementCount(dims)) {
    throw new RangeError(`Expected ${elementCount(dims)} values for shape [${dims.join(', ')}], got ${values.length}`);
  }
  return { type: 'int64', dims, data: BigInt64Array.from(values, BigInt) };
}

/** The float32 values of a tensor; throws when it holds int64. */
export function floatsOf(tensor: Tensor): Float32Array {
  if (!(tensor.data instanceof Float32Array)) throw new TypeError(`Expected float32 values, got ${tensor.type}`);
  return tensor.data;
}

/**
 * Pixels to a graph's input, NCHW float32: `value * scale + offset` for every channel. The pictures must share one size.
 * With the default scale and offset the values stay 0..255.
 */
export function imagesToTensor(images: readonly RgbImage[], scale = 1, offset = 0): FloatTensor {
  const [first] = images;
  if (!first) throw new RangeError('Expected at least one image');
  const { width, height } = first;
  const plane = width * height;
  const data = new Float32Array(images.length * 3 * plane);
  images.forEach((image, index) => {
    if (image.width !== width || image.height !== height) throw new RangeError('Expected images of one size');
    toPlanes(image.data, data.subarray(index * 3 * plane, (index + 1) * 3 * plane), { scale, offset });
  });
  return floatTensor([images.length, 3, height, width], data);
}

function toPlanes(
  pixels: Uint8Array,
  planes: Float32Array,
  { scale, offset }: { readonly scale: number; readonly offset: number },
): void {
  const plane = planes.length / 3;
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      planes[channel * plane + pixel] = (pixels[pixel * 3 + channel] ?? 0) * scale + offset;
    }
  }
}

/** One picture of a tensor `[B, 3, H, W]`, rounded and clamped to bytes; `darkest` is the value of black, 1 that of white. */
export function imageFromTensor(tensor: Tensor, index = 0, darkest: -1 | 0 = -1): RgbImage {
  const [, , height = 0, width = 0] = tensor.dims;
  const plane = width * height;
  const planes = floatsOf(tensor).subarray(index * 3 * plane, (index + 1) * 3 * plane);
  const data = new Uint8Array(3 * plane);
  for (let pixel = 0; pixel < plane; pixel++) {
    for (let channel = 0; channel < 3; channel++) {
      data[pixel * 3 + channel] = toByte(((planes[channel * plane + pixel] ?? 0) - darkest) / (1 - darkest));
    }
  }
  return { width, height, data };
}

function toByte(value: number): number {
  return Math.min(255, Math.max(0, Math.round(value * 255)));
}
