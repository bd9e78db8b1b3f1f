import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LikenessError } from '../../../pipeline/errors.js';
import type { GraphEntry } from '../../../pipeline/bundle-manifest.js';
import { type AlignTemplate, arcFaceTemplate } from '../../../pipeline/face/align.js';
import type { Graphs, Tensors } from '../../../pipeline/graphs.js';
import { encodeIdentity, encodeNobody } from '../../../pipeline/identity/mff.js';
import { mean, normalisedMean, rowsOf } from '../../../pipeline/identity/mean.js';
import { readReferenceSet, type ReferenceSet } from '../../../pipeline/identity/reference-set.js';
import { floatsOf, floatTensor } from '../../../pipeline/tensor.js';
import { plainFaceAnalyser, plainPhoto } from '../../fixtures/plain-faces.js';

const OPTIONS = { analyser: plainFaceAnalyser(), count: 4, size: 8 };
/** Alike enough to be three photos of one person. */
const [RED, GREEN, BLUE] = await Promise.all(['#ffa0a0', '#a0ffa0', '#a0a0ff'].map((colour) => plainPhoto(colour)));
assert.ok(RED && GREEN && BLUE);

/** The first pixel of each reference face. */
function colours({ faces }: ReferenceSet): string[] {
  return faces.map(({ data }) => Buffer.from(data.subarray(0, 3)).toString('hex'));
}

describe('arcFaceTemplate', () => {
  it('shows more around the face by its framing, the middle of the picture staying where it is', () => {
    const [tight, wide] = [arcFaceTemplate(224), arcFaceTemplate(224, 1.5)];
    assert.deepEqual(wide.size, tight.size);
    for (const [index, [x, y]] of tight.points.entries()) {
      const [wideX = 0, wideY = 0] = wide.points[index] ?? [];
      assert.ok(Math.abs(wideX - 112 - (x - 112) / 1.5) < 1e-9);
      assert.ok(Math.abs(wideY - 112 - (y - 112) / 1.5) < 1e-9);
    }
  });
});

describe('readReferenceSet', () => {
  it('cuts the faces by the framing, and recognises them as tight as ever', async () => {
    const templates: AlignTemplate[] = [];
    const plain = plainFaceAnalyser();
    const analyser: typeof plain = {
      ...plain,
      align: (image, face, template = arcFaceTemplate()) => {
        templates.push(template);
        return plain.align(image, face, template);
      },
    };
    await readReferenceSet([RED], { ...OPTIONS, analyser, framing: 1.5 });
    // The first is looked at for blur.
    assert.deepEqual(templates, [arcFaceTemplate(), arcFaceTemplate(8, 1.5)]);
  });

  it('repeats one photo in all places', async () => {
    const set = await readReferenceSet([RED], OPTIONS);
    assert.deepEqual(colours(set), ['ffa0a0', 'ffa0a0', 'ffa0a0', 'ffa0a0']);
    assert.ok(set.faces.every(({ width, height }) => width === 8 && height === 8));
  });

  it('takes several photos in turn', async () => {
    assert.deepEqual(colours(await readReferenceSet([RED, BLUE], OPTIONS)), ['ffa0a0', 'a0a0ff', 'ffa0a0', 'a0a0ff']);
    const three = await readReferenceSet([RED, GREEN, BLUE], OPTIONS);
    assert.deepEqual(colours(three), ['ffa0a0', 'a0ffa0', 'a0a0ff', 'ffa0a0']);
  });

  it('counts every photo once in who the person is', async () => {
    const { person } = await readReferenceSet([RED, GREEN, BLUE], OPTIONS);
    const [red = 0, green = 0, blue = 0] = person;
    assert.ok(Math.abs(red - green) < 1e-6 && Math.abs(green - blue) < 1e-6, [red, green, blue].join(', '));
    assert.ok(Math.abs(Math.hypot(...person) - 1) < 1e-6);
  });

  it('reports each photo and refuses one without a face', async () => {
    let photos = 0;
    const black = await plainPhoto('#000000');
    const reading = readReferenceSet([RED, GREEN, black], { ...OPTIONS, onPhoto: () => void photos++ });
    const { code, data } = await reading.then(
      () => assert.fail('read'),
      (error: LikenessError) => error,
    );
    assert.deepEqual([code, data], ['no-face', { photo: 3 }]);
    assert.equal(photos, 2);
    await assert.rejects(readReferenceSet([black], OPTIONS), { code: 'no-face', data: {} });
  });
});

describe('encodeIdentity', () => {
  const PATCHES = floatTensor([2, 2, 1], Float32Array.of(1, 2, 3, 4));
  const CLASSES = floatTensor([2, 2], Float32Array.of(1, 2, 3, 6));
  const REFERENCES: ReferenceSet = {
    faces: [
      { width: 1, height: 1, data: Uint8Array.of(1, 2, 3) },
      { width: 1, height: 1, data: Uint8Array.of(4, 5, 6) },
    ],
    embeddings: [Float32Array.of(1, 0), Float32Array.of(0, 1)],
    person: new Float32Array(2),
  };

  /** What a manifest says about a vision encoder that takes so many faces of one pixel at once. */
  function takingFaces(count: number): GraphEntry {
    const images = { name: 'images', type: 'float32' as const, shape: [count, 3, 1, 1] };
    return { file: 'vision_encoder.onnx', sha256: '', bytes: 1, inputs: [images], outputs: [images] };
  }

  /** Graphs that note what they were given; the vision encoder answers with `features`. */
  function recordingGraphs(features: Tensors): { graphs: Graphs; given: Record<string, Tensors> } {
    const given: Record<string, Tensors> = {};
    const graphs: Graphs = {
      has: () => true,
      inputNames: () => ['patch_tokens', 'class_embedding', 'face_embedding'],
      run: async (name, inputs) => {
        given[name] = inputs;
        return name === 'vision_encoder' ? features : {};
      },
      release: async () => undefined,
    };
    return { graphs, given };
  }

  function valuesOf(tensors: Tensors | undefined, name: string): { dims: readonly number[]; values: number[] } {
    const tensor = tensors?.[name];
    assert.ok(tensor, name);
    return { dims: tensor.dims, values: [...floatsOf(tensor)] };
  }

  it('gives the vision encoder all faces as values of 0..255', async () => {
    const { graphs, given } = recordingGraphs({ patch_tokens: PATCHES, class_embedding: CLASSES });
    await encodeIdentity(graphs, REFERENCES, takingFaces(2));
    assert.deepEqual(valuesOf(given['vision_encoder'], 'images'), { dims: [2, 3, 1, 1], values: [1, 2, 3, 4, 5, 6] });
  });

  it('shows a vision encoder that takes one face at a time each photo once, however many places it fills', async () => {
    const [first, second] = REFERENCES.faces;
    assert.ok(first && second);
    const seen: number[][] = [];
    let given: Tensors = {};
    const graphs: Graphs = {
      ...recordingGraphs({}).graphs,
      run: async (name, inputs) => {
        if (name === 'identity') given = inputs;
        if (name !== 'vision_encoder') return {};
        const { dims, values } = valuesOf(inputs, 'images');
        assert.deepEqual(dims, [1, 3, 1, 1]);
        seen.push(values);
        const [red = 0, green = 0] = values;
        return {
          patch_tokens: floatTensor([1, 2, 1], Float32Array.of(red, green)),
          class_embedding: floatTensor([1, 2], Float32Array.of(red, 0)),
        };
      },
    };
    const embeddings = [1, 0, 1].map((value) => Float32Array.of(value, 1 - value));
    await encodeIdentity(graphs, { ...REFERENCES, faces: [first, second, first], embeddings }, takingFaces(1));
    assert.deepEqual(seen, [
      [1, 2, 3],
      [4, 5, 6],
    ]);
    assert.deepEqual(valuesOf(given, 'patch_tokens'), { dims: [1, 6, 1], values: [1, 2, 4, 5, 1, 2] });
    assert.deepEqual(valuesOf(given, 'class_embedding'), { dims: [1, 2], values: [2, 0] });
  });

  it('joins patch tokens along the tokens, averages classes, and averages faces to norm 1', async () => {
    const faces = floatTensor([2, 2], Float32Array.of(0.6, 0.8, 1, 0));
    const { graphs, given } = recordingGraphs({
      patch_tokens: PATCHES,
      class_embedding: CLASSES,
      face_embedding: faces,
    });
    await encodeIdentity(graphs, REFERENCES, takingFaces(2));
    const { identity } = given;
    assert.deepEqual(valuesOf(identity, 'patch_tokens'), { dims: [1, 4, 1], values: [1, 2, 3, 4] });
    assert.deepEqual(valuesOf(identity, 'class_embedding'), { dims: [1, 2], values: [2, 4] });
    const { dims, values } = valuesOf(identity, 'face_embedding');
    assert.deepEqual(dims, [1, 2]);
    const norm = Math.hypot(0.8, 0.4);
    values.forEach((value, index) => assert.ok(Math.abs(value - ([0.8 / norm, 0.4 / norm][index] ?? 0)) < 1e-6));
  });

  it('takes the recogniser of the face models where the vision encoder has none', async () => {
    const { graphs, given } = recordingGraphs({ patch_tokens: PATCHES, class_embedding: CLASSES });
    await encodeIdentity(graphs, REFERENCES, takingFaces(2));
    const [first = 0, second = 0] = valuesOf(given['identity'], 'face_embedding').values;
    assert.ok(Math.abs(first - Math.SQRT1_2) < 1e-6 && Math.abs(second - Math.SQRT1_2) < 1e-6);
  });

  it('refuses a vision encoder without patch tokens', async () => {
    const { graphs } = recordingGraphs({ class_embedding: CLASSES });
    await assert.rejects(
      encodeIdentity(graphs, REFERENCES, takingFaces(2)),
      (error) => error instanceof LikenessError && error.code === 'bundle-invalid',
    );
  });
});

describe('encodeNobody', () => {
  const PORTS = ['patch_tokens', 'conditioned'].map((name, index) => ({
    name,
    type: 'float32' as const,
    shape: index === 0 ? [1, 4, 1] : [1],
  }));
  const ENTRY = { file: 'identity.onnx', sha256: '', bytes: 1, inputs: PORTS, outputs: PORTS };

  it('asks the graph of a bundle that has learnt what nobody is, whatever the photos show', async () => {
    const given: Tensors[] = [];
    const graphs: Graphs = {
      has: () => true,
      inputNames: () => ['patch_tokens', 'conditioned'],
      run: async (_, inputs) => {
        given.push(inputs);
        return { identity_key_0: floatTensor([1], Float32Array.of(7)) };
      },
      release: async () => undefined,
    };
    const nobody = await encodeNobody(graphs, ENTRY);
    assert.deepEqual([...floatsOf(nobody?.['identity_key_0'] ?? floatTensor([0]))], [7]);
    const [inputs = {}] = given;
    const { patch_tokens: patches, conditioned } = inputs;
    assert.ok(patches && conditioned);
    assert.deepEqual([patches.dims, [...floatsOf(conditioned)]], [[1, 4, 1], [0]]);
  });

  it('is nothing for a bundle that has not', async () => {
    const graphs: Graphs = {
      has: () => true,
      inputNames: () => ['patch_tokens'],
      run: () => assert.fail('no graph is run'),
      release: async () => undefined,
    };
    assert.equal(await encodeNobody(graphs, ENTRY), undefined);
  });
});

describe('means', () => {
  it('are taken value by value, and of norm 1 when asked', () => {
    assert.deepEqual([...mean([Float32Array.of(1, 2), Float32Array.of(3, 6)])], [2, 4]);
    assert.deepEqual(
      [...normalisedMean([Float32Array.of(3, 4)])].map((value) => value.toFixed(3)),
      ['0.600', '0.800'],
    );
    assert.deepEqual([...normalisedMean([Float32Array.of(1, 0), Float32Array.of(-1, 0)])], [0, 0]);
  });

  it('know the rows of a matrix', () => {
    assert.deepEqual(
      rowsOf(Float32Array.of(1, 2, 3, 4), 2).map((row) => [...row]),
      [
        [1, 2],
        [3, 4],
      ],
    );
  });
});
