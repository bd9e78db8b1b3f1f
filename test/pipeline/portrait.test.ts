import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { loadBundle } from '../../pipeline/bundle.js';
import { LikenessError, type PipelineErrorCode } from '../../pipeline/errors.js';
import type { FaceAnalyser } from '../../pipeline/face/analyser.js';
import { openGraphs } from '../../pipeline/graphs.js';
import type { RgbImage } from '../../pipeline/image.js';
import { createPortraitMaker } from '../../pipeline/portrait.js';
import { STAGES, type Album, type PortraitRequest, type Progress } from '../../pipeline/request.js';
import { FIXTURE_BUNDLE } from '../fixtures/bundle-copy.js';
import { plainFaceAnalyser, plainPhoto } from '../fixtures/plain-faces.js';
import { portraitRequest } from '../fixtures/portrait-request.js';

const bundle = await loadBundle(FIXTURE_BUNDLE);
const maker = createPortraitMaker({ bundle, graphs: await openGraphs(bundle), analyser: plainFaceAnalyser() });
after(() => maker.close());

async function make(changes: Partial<PortraitRequest> = {}): Promise<Album> {
  return maker.portrait(await portraitRequest(changes));
}

/** Every candidate's picture, whichever order the album puts them in. */
async function candidates(changes: Partial<PortraitRequest> = {}): Promise<Map<number, Uint8Array>> {
  const { portraits } = await make({ count: 4, candidates: 4, ...changes });
  return new Map(portraits.map(({ candidate, image }) => [candidate, image.data]));
}

describe('an album', () => {
  it('holds as many portraits as asked for, at delivery size, with their scores', async () => {
    const album = await make({ count: 3 });
    assert.equal(album.portraits.length, 3);
    for (const { image, scores } of album.portraits) {
      assert.deepEqual([image.width, image.height, image.data.length], [64, 64, 64 * 64 * 3]);
      assert.equal(scores.faceFound, true);
      assert.ok(scores.identity >= -1 && scores.identity <= 1.000_001, String(scores.identity));
    }
    assert.equal(new Set(album.portraits.map(({ candidate }) => candidate)).size, 3);
  });

  it('says what was asked for, which words are unknown, its seed and its times', async () => {
    const album = await make({ prompt: 'a smiling robot, looking left, pencil sketch' });
    assert.deepEqual(album.asked, { expression: 'happy', side: 'left', style: 'pencil sketch' });
    assert.deepEqual(album.unknownWords, ['robot']);
    assert.equal(album.seed, 7);
    assert.deepEqual(Object.keys(album.milliseconds), STAGES);
  });

  it('is chosen from four times as many candidates, rounded up to the batch, unless told otherwise', async () => {
    assert.equal((await make({ count: 1 })).candidates, 4);
    assert.equal((await make({ count: 3 })).candidates, 12);
    assert.equal((await make({ count: 3, candidates: 3 })).candidates, 3);
  });
});

describe('an album of whose candidates too few show the person', () => {
  /** As many candidates as told show nobody, before the others show the person. */
  async function makeAfter(faceless: number, changes: Partial<PortraitRequest> = {}): Promise<Album> {
    const analyser = plainFaceAnalyser();
    let seen = 0;
    const isFaceless = ({ width }: RgbImage): boolean => width === bundle.manifest.image.size && ++seen <= faceless;
    const detect: FaceAnalyser['detect'] = async (image) => (isFaceless(image) ? [] : analyser.detect(image));
    const shy = createPortraitMaker({ bundle, graphs: await openGraphs(bundle), analyser: { ...analyser, detect } });
    try {
      return await shy.portrait(await portraitRequest({ count: 1, ...changes }));
    } finally {
      await shy.close();
    }
  }

  it('is chosen from as many again, which are others', async () => {
    const { candidates: made, portraits } = await makeAfter(4);
    assert.equal(made, 8);
    assert.ok(portraits.every(({ candidate, scores }) => candidate >= 4 && scores.faceFound));
  });

  it('is chosen from those alone when enough do, when the request says how many, or when little likeness is asked', async () => {
    assert.equal((await makeAfter(0)).candidates, 4);
    assert.equal((await makeAfter(4, { candidates: 4 })).candidates, 4);
    assert.equal((await makeAfter(4, { strength: 20 })).candidates, 4);
  });

  it('is what there is after the second round', async () => {
    const { candidates: made, portraits } = await makeAfter(8);
    assert.equal(made, 8);
    assert.deepEqual(
      portraits.map(({ scores }) => scores.doubt),
      ['no-face'],
    );
  });
});

describe('the expressions of candidates', () => {
  /** An album of one of eight candidates, and how many expressions were read for it; every so-manyth face read is happy. */
  async function readsFor(happyEvery: number, prompt: string) {
    const analyser = plainFaceAnalyser();
    let reads = 0;
    const express: FaceAnalyser['express'] = async (image, face) => {
      const happy = await analyser.express(image, face);
      return ++reads % happyEvery === 0
        ? happy
        : { label: 'sad', probabilities: { ...happy.probabilities, happy: 0, sad: 1 } };
    };
    const watched = createPortraitMaker({
      bundle,
      graphs: await openGraphs(bundle),
      analyser: { ...analyser, express },
    });
    try {
      const { portraits } = await watched.portrait(await portraitRequest({ count: 1, candidates: 8, prompt }));
      return { reads, expression: portraits[0]?.scores.expression };
    } finally {
      await watched.close();
    }
  }

  it('are read until one and a half times as many as asked for show the asked one', async () => {
    assert.deepEqual(await readsFor(1, 'smiling'), { reads: 2, expression: 'happy' });
    assert.deepEqual(await readsFor(3, 'smiling'), { reads: 6, expression: 'happy' });
    assert.deepEqual(await readsFor(100, 'smiling'), { reads: 8, expression: 'sad' });
  });

  it('are read of the likeliest when none is asked for', async () => {
    assert.equal((await readsFor(100, 'looking left')).reads, 2);
  });
});

describe('the same request', () => {
  it('gives the same album again', async () => {
    const [first, second] = [await make(), await make()];
    assert.deepEqual(first.portraits, second.portraits);
  });

  it('gives each candidate the same picture in a larger run', async () => {
    const [few, many] = [await candidates(), await candidates({ candidates: 7, count: 7 })];
    for (const [candidate, picture] of few) assert.deepEqual(picture, many.get(candidate), `candidate ${candidate}`);
  });

  it('counts one photo as much as the same photo four times', async () => {
    const photo = await plainPhoto('#c08040');
    assert.deepEqual(await candidates({ photos: [photo] }), await candidates({ photos: [photo, photo, photo, photo] }));
  });
});

describe('a portrait depends on', () => {
  const changes: Readonly<Record<string, Partial<PortraitRequest>>> = {
    'the seed': { seed: 8 },
    'the words': { prompt: 'sad' },
    'the class word': { classWord: 'woman' },
    'the strength': { strength: 20 },
    'the sampler': { sampler: 'euler' },
    'the number of steps': { steps: 6 },
    'the guidance scale': { guidanceScale: 4 },
    'the guidance being off': { guidanceScale: 1 },
  };
  for (const [what, change] of Object.entries(changes)) {
    it(what, async () => assert.notDeepEqual(await candidates(change), await candidates()));
  }

  it('the person, unless the strength is 0 and the words are not guided', async () => {
    const other = [await plainPhoto('#4060e0')];
    assert.notDeepEqual(await candidates({ photos: other }), await candidates());
  });

  it('every one of several photos', async () => {
    const [first, second] = [await plainPhoto('#c08040'), await plainPhoto('#c08090')];
    assert.notDeepEqual(await candidates({ photos: [first, second] }), await candidates({ photos: [first] }));
    assert.notDeepEqual(await candidates({ photos: [first, second] }), await candidates({ photos: [second] }));
  });
});

describe('progress', () => {
  it('counts every step of every stage up to the total', async () => {
    const reports: Progress[] = [];
    await maker.portrait(await portraitRequest({ count: 2, candidates: 4 }), {
      onProgress: (progress) => reports.push(progress),
    });
    // 1 photo, 1 identity, 2 batches of 4 steps, 2 decoded batches, 4 candidates looked at, 2 enlarged
    assert.equal(reports[0]?.total, 18);
    assert.deepEqual(
      reports.map(({ done }) => done),
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
    assert.deepEqual([...new Set(reports.map(({ stage }) => stage))], STAGES);
  });
});

describe('a cancelled request', () => {
  for (const stage of STAGES) {
    it(`stops in the stage "${stage}"`, async () => {
      const controller = new AbortController();
      const late: Progress[] = [];
      const request = maker.portrait(await portraitRequest(), {
        signal: controller.signal,
        onProgress: (progress) => {
          if (controller.signal.aborted) late.push(progress);
          if (progress.stage === stage) controller.abort();
        },
      });
      await assert.rejects(request, (error) => error instanceof LikenessError && error.code === 'cancelled');
      assert.deepEqual(late, []);
    });
  }

  it('does nothing when it was cancelled before', async () => {
    await assert.rejects(
      maker.portrait(await portraitRequest(), { signal: AbortSignal.abort() }),
      (error) => error instanceof LikenessError && error.code === 'cancelled',
    );
  });
});

describe('a request that cannot be met', () => {
  const photo = new Uint8Array([1]);
  const cases: readonly (readonly [PipelineErrorCode, Partial<PortraitRequest>])[] = [
    ['no-photo', { photos: [] }],
    ['too-many-photos', { photos: [photo, photo, photo, photo, photo] }],
    ['not-an-image', { photos: [photo] }],
    ['prompt-empty', { prompt: ' ' }],
    ['prompt-too-long', { prompt: 'a'.repeat(5000) }],
    ['prompt-too-detailed', { prompt: 'a '.repeat(40) }],
    ['class-unknown', { classWord: 'dog' }],
    ['count-out-of-range', { count: 0 }],
    ['count-out-of-range', { count: 100 }],
    ['count-out-of-range', { count: 1.5 }],
    ['candidates-out-of-range', { candidates: 1 }],
    ['candidates-out-of-range', { candidates: 1000 }],
    ['strength-out-of-range', { strength: -1 }],
    ['strength-out-of-range', { strength: Number.NaN }],
    ['seed-invalid', { seed: -1 }],
    ['seed-invalid', { seed: 0.5 }],
    ['seed-invalid', { seed: 2 ** 32 }],
    ['steps-out-of-range', { steps: 0 }],
    ['guidance-out-of-range', { guidanceScale: 0 }],
    ['sampler-unknown', { sampler: 'plms' as 'ddim' }],
  ];
  for (const [code, changes] of cases) {
    it(`is refused: ${code} for ${JSON.stringify(changes).slice(0, 60)}`, async () => {
      await assert.rejects(make(changes), (error) => error instanceof LikenessError && error.code === code);
    });
  }

  it('is refused when a photo shows nobody', async () => {
    const photos = [await plainPhoto('#c08040'), await plainPhoto('#000000')];
    await assert.rejects(make({ photos }), (error) => error instanceof LikenessError && error.code === 'no-face');
  });

  it('is refused when the face is too small', async () => {
    const photos = [await plainPhoto('#c08040', 40)];
    await assert.rejects(
      make({ photos }),
      (error) => error instanceof LikenessError && error.code === 'face-too-small',
    );
  });
});
