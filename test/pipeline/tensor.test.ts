import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { floatsOf, floatTensor, imageFromTensor, imagesToTensor, intTensor } from '../../pipeline/tensor.js';

const IMAGE = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 251, 252, 253) };

describe('imagesToTensor', () => {
  it('lays pixels out plane by plane, image by image', () => {
    const { dims, data } = imagesToTensor([IMAGE, IMAGE]);
    assert.deepEqual(dims, [2, 3, 1, 2]);
    assert.deepEqual([...data], [1, 251, 2, 252, 3, 253, 1, 251, 2, 252, 3, 253]);
  });

  it('scales and shifts', () => {
    assert.deepEqual([...imagesToTensor([IMAGE], 2, -1).data].slice(0, 2), [1, 501]);
  });

  it('refuses no images and images of several sizes', () => {
    assert.throws(() => imagesToTensor([]), RangeError);
    assert.throws(() => imagesToTensor([IMAGE, { ...IMAGE, width: 1, height: 2 }]), RangeError);
  });
});

describe('imageFromTensor', () => {
  it('brings -1..1 to bytes, clamped, for the picture asked for', () => {
    const tensor = floatTensor([2, 3, 1, 1], Float32Array.of(9, 9, 9, -1, 0.5, 1.2));
    assert.deepEqual(imageFromTensor(tensor, 1), { width: 1, height: 1, data: Uint8Array.of(0, 191, 255) });
  });

  it('undoes imagesToTensor', () => {
    assert.deepEqual(imageFromTensor(imagesToTensor([IMAGE], 1 / 127.5, -1)), IMAGE);
  });
});

describe('tensors', () => {
  it('must hold as many values as their shape says', () => {
    assert.throws(() => floatTensor([2, 2], new Float32Array(3)), RangeError);
    assert.throws(() => intTensor([2], [1, 2, 3]), RangeError);
  });

  it('give floats only where they hold floats', () => {
    assert.equal(floatsOf(floatTensor([3])).length, 3);
    assert.throws(() => floatsOf(intTensor([1], [4])), TypeError);
  });
});
