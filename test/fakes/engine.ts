import type { RgbImage } from '../../pipeline/image.js';
import { LikenessError } from '../../src/errors.js';
import type { FaceScores, FinishedAlbum, PortraitEngine } from '../../src/jobs/engine.js';

type Request = Parameters<PortraitEngine['portrait']>[0];
type Options = Parameters<PortraitEngine['portrait']>[1];

/** An engine for tests: the same request gives the same plain-coloured pictures, and the test decides when. */
export interface TestEngine extends PortraitEngine {
  /** Every request so far, its photos copied: the caller wipes its own. */
  readonly requests: readonly Request[];
  /** From now on albums stop half-way until `release`. */
  hold(): void;
  /** Finishes the albums that stopped, and stops no more. */
  release(): void;
  /** The next album fails with this. */
  failNext(error: unknown): void;
  /** Resolves when an album has stopped half-way. */
  halfWay(): Promise<void>;
}

const SIDE = 64;

/** @param options.remembers whether `requests` are kept, photos and all */
export function createTestEngine({ remembers = true }: { readonly remembers?: boolean } = {}): TestEngine {
  const requests: Request[] = [];
  let gate: PromiseWithResolvers<void> | undefined;
  let reached = withResolvers();
  let failure: { readonly error: unknown } | undefined;

  const make = async (request: Request, { signal, onProgress }: Options): Promise<FinishedAlbum> => {
    if (remembers) requests.push({ ...request, photos: request.photos.map((photo) => Uint8Array.from(photo)) });
    onProgress({ stage: 'faces', done: 0, total: 4 });
    onProgress({ stage: 'denoise', done: 2, total: 4 });
    if (gate) {
      reached.resolve();
      await Promise.race([gate.promise, cancelled(signal)]);
    }
    if (signal.aborted) throw new LikenessError('cancelled');
    const failing = failure;
    failure = undefined;
    if (failing) throw failing.error;
    onProgress({ stage: 'upscale', done: 4, total: 4 });
    return drawAlbum(request);
  };
  return {
    requests,
    portrait: make,
    hold() {
      gate ??= withResolvers();
      reached = withResolvers();
    },
    release() {
      gate?.resolve();
      gate = undefined;
    },
    failNext(error) {
      failure = { error };
    },
    halfWay: () => reached.promise,
  };
}

function drawAlbum({ count, seed, prompt }: Request): FinishedAlbum {
  const portraits = Array.from({ length: count }, (_, index) => ({
    image: paint([(seed + index * 40) % 256, (prompt.length * 16) % 256, (index * 60) % 256]),
    scores: scoresFor(prompt, index),
  }));
  const unknownWords = prompt.split(/[\s,]+/).filter((word) => word.startsWith('xyz'));
  return { portraits, seed, asked: askedBy(prompt), unknownWords, leftOut: [], ownGlasses: false };
}

function askedBy(prompt: string): FinishedAlbum['asked'] {
  return {
    ...(prompt.includes('smiling') && { expression: 'happy' }),
    ...(prompt.includes('looking left') && { side: 'left' }),
  };
}

/** What faces show in turn. */
const EXPRESSIONS = ['happy', 'angry', 'sad'];
const YAWS = [-15, 15, 0];

/** A prompt says what is wrong with every picture: `faceless`, `crowd`, `stranger`, or `tiny-face`; `mixed`, with every second. */
function scoresFor(prompt: string, index: number): FaceScores {
  if (prompt.includes('faceless')) return { identity: 0, faceFound: false, people: 0 };
  const stranger = prompt.includes('stranger') || (prompt.includes('mixed') && index % 2 === 1);
  return {
    identity: stranger ? 0.01 : 0.9 - index / 10,
    faceFound: true,
    people: prompt.includes('crowd') ? 2 : 1,
    faceHeight: prompt.includes('tiny-face') ? 0.1 : 0.5,
    faceCentre: { x: 0.5, y: 0.5 },
    expression: EXPRESSIONS[index % EXPRESSIONS.length],
    yaw: YAWS[index % YAWS.length],
  };
}

/** A picture of one colour. */
export function paint(colour: readonly [number, number, number], side = SIDE): RgbImage {
  const data = new Uint8Array(side * side * 3);
  for (let pixel = 0; pixel < data.length; pixel += 3) data.set(colour, pixel);
  return { width: side, height: side, data };
}

interface PromiseWithResolvers<Value> {
  readonly promise: Promise<Value>;
  readonly resolve: (value: Value) => void;
}

function withResolvers(): PromiseWithResolvers<void> {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}

function cancelled(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
