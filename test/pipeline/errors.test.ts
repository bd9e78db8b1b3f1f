import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fromWire, toWire } from '../../pipeline/engine/protocol.js';
import { LikenessError, throwIfCancelled } from '../../pipeline/errors.js';

describe('LikenessError', () => {
  it('says its code and data for the log, and where its sentence is', () => {
    const cause = new Error('why');
    const error = new LikenessError('count-out-of-range', { given: 100, max: 10 }, { cause });
    assert.equal(error.message, 'count-out-of-range (given=100, max=10)');
    assert.equal(error.key, 'errors.count-out-of-range');
    assert.equal(error.cause, cause);
    assert.equal(new LikenessError('no-face').message, 'no-face');
  });

  it('keeps code and data between processes', () => {
    const sent = structuredClone(toWire(new LikenessError('bundle-corrupt', { file: 'unet.onnx' })));
    const error = fromWire(sent);
    assert.deepEqual([error.code, error.data], ['bundle-corrupt', { file: 'unet.onnx' }]);
  });

  it('is engine-failed for anything else that is thrown, with the original as its cause', () => {
    const error = fromWire(structuredClone(toWire(new TypeError('not a function'))));
    assert.equal(error.code, 'engine-failed');
    assert.match(String(error.cause), /TypeError: not a function/);
    assert.equal(fromWire(toWire('text')).cause, 'text');
  });
});

describe('throwIfCancelled', () => {
  it('throws once the signal is aborted, with its reason as the cause', () => {
    throwIfCancelled(undefined);
    throwIfCancelled(new AbortController().signal);
    assert.throws(
      () => throwIfCancelled(AbortSignal.abort('enough')),
      (error) => error instanceof LikenessError && error.code === 'cancelled' && error.cause === 'enough',
    );
  });
});
