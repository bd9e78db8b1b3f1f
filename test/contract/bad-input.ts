import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Config, defaultLimits } from '../../src/config.js';
import { LikenessError } from '../../src/errors.js';
import { errorText, translator } from '../../src/language/texts.js';
import { MAX_PHOTO_BYTES } from '../../src/media/intake.js';
import { pictureBomb, renamedText, truncatedJpeg, unsupportedFiles } from '../fakes/bad-files.js';
import { createTestEngine, type TestEngine } from '../fakes/engine.js';
import { plainJpeg } from '../fakes/photos.js';
import { inTheMorning } from '../fakes/standing-clock.js';

/** Somebody in front of the whole program. */
export interface Petitioner {
  /** Sends a line with files, all of them called photo.jpg. */
  say(line: string, files?: readonly Uint8Array[]): Promise<void>;
  /** Agrees to what was asked. */
  agree(): Promise<void>;
  /** Resolves when a message with this text is there. */
  reads(text: string): Promise<unknown>;
  /** Every text of the program's that can be seen, oldest first. */
  texts(): Promise<readonly string[]>;
  /** Resolves with the number of pictures, when so many albums are there. */
  album(number: number): Promise<number>;
}

/** The whole program on one platform, with an engine the test decides about. */
export interface ProgramUnderTest {
  petitioner(): Promise<Petitioner>;
  /** The longest line the platform lets anyone send. */
  readonly longestLine: number;
  /** Sending a photo without a word, and what is answered to it. */
  readonly silence: { readonly answer: string; send(petitioner: Petitioner, photo: Uint8Array): Promise<void> };
  /** From now on what a bot is sent can no longer be fetched. */
  readonly expireLinks?: () => void;
  /** A bot's member blocks it, or throws it out. */
  readonly vanish?: (petitioner: Petitioner) => Promise<void>;
  stop(): Promise<void>;
}

export interface ProgramParts {
  readonly engine: TestEngine;
  readonly limits: Config['limits'];
  /** The clock of the limits. */
  readonly now: () => number;
}

const t = translator('en');
const sentence = (...error: ConstructorParameters<typeof LikenessError>): string =>
  errorText(new LikenessError(...error), t);

interface Scene extends ProgramUnderTest {
  readonly engine: TestEngine;
  readonly photo: Uint8Array;
  readonly ann: Petitioner;
  /** Somebody who has agreed, and got an album. */
  someone(): Promise<Petitioner>;
  /** Does something and checks that it is answered with exactly that text, and nothing else. */
  answered(text: string, act: () => Promise<unknown>, who?: Petitioner): Promise<void>;
}

type Run = (scene: Scene) => Promise<void>;
type Define = (title: string, run: Run, limits?: Partial<Config['limits']>) => void;
type Open = (parts: ProgramParts) => Promise<ProgramUnderTest>;

/** Defines tests with somebody who has agreed and got an album already. */
function scenesOn(name: string, open: Open): Define {
  return (title, run, limits = {}) => {
    test(`${name}: ${title}`, async () => {
      const engine = createTestEngine();
      const program = await open({
        engine,
        limits: { ...defaultLimits, memberPerHour: 100, ...limits },
        now: inTheMorning,
      });
      const photo = await plainJpeg();
      const someone = async (): Promise<Petitioner> => {
        const petitioner = await program.petitioner();
        await petitioner.say('smiling count:1', [photo]);
        await petitioner.reads(t('consent.ask'));
        await petitioner.agree();
        await petitioner.album(1);
        return petitioner;
      };
      try {
        const ann = await someone();
        const answered: Scene['answered'] = async (text, act, who = ann) => {
          const before = (await who.texts()).length;
          await act();
          await who.reads(text);
          assert.equal((await who.texts()).length, before + 1, `one answer to ${text}`);
        };
        await run({ ...program, engine, photo, ann, someone, answered });
      } finally {
        engine.release();
        await program.stop();
      }
    });
  };
}

/** What every platform answers to what it cannot use: one sentence, and the next request is fulfilled as ever. */
export function testBadInput(name: string, open: Open): void {
  const scene = scenesOn(name, open);
  scene('what is no usable photo is refused by what it is, and the next photo is taken', async (given) => {
    const { engine, photo, ann, answered } = given;
    const refused = (text: string, file: Uint8Array): Promise<void> =>
      answered(text, () => ann.say('smiling', [photo, file]));
    await answered(sentence('no-photo'), () => ann.say('smiling'));
    for (const type of ['GIF', 'SVG', 'TIFF'] as const)
      await refused(sentence('image-type-unsupported', { type }), unsupportedFiles[type]);
    await refused(sentence('image-heic'), unsupportedFiles.HEIC);
    await refused(sentence('not-an-image'), renamedText);
    await refused(sentence('image-damaged'), await truncatedJpeg());
    const bomb = { width: 12_000, height: 12_000, limit: 64 };
    await refused(sentence('image-too-large', bomb), pictureBomb(bomb.width, bomb.height));
    await refused(sentence('file-too-large', { megabytes: 20.1, limit: 20 }), new Uint8Array(MAX_PHOTO_BYTES + 1));
    assert.equal(engine.requests.length, 1, 'nothing of it reached the engine');
    await ann.say('smiling count:2', [photo]);
    assert.equal(await ann.album(2), 2);
  });

  scene('words that cannot be used are refused by what is wrong with them', async (given) => {
    const { engine, photo, ann, answered, longestLine, silence } = given;
    const refused = (text: string, line: string): Promise<void> => answered(text, () => ann.say(line, [photo]));
    const length = Math.min(5000, longestLine);
    await refused(sentence('prompt-too-long', { given: length, limit: 300 }), 'x'.repeat(length));
    await refused(sentence('count-out-of-range', { given: '11', min: 1, max: 10 }), 'smiling count:11');
    await refused(sentence('count-out-of-range', { given: '0', min: 1, max: 10 }), 'smiling count:0');
    await refused(sentence('count-out-of-range', { given: 'many', min: 1, max: 10 }), 'smiling count:many');
    await refused(sentence('prompt-sexual'), 'smiling, n4k3d');
    await answered(silence.answer, () => silence.send(ann, photo));
    assert.equal(engine.requests.length, 1);
    await ann.say('smiling count:2', [photo]);
    assert.equal(await ann.album(2), 2);
  });

  scene(
    'a photo with no face, several, or one that cannot be used, is told at the end of its status',
    async (given) => {
      const { engine, photo, ann, answered } = given;
      for (const code of [
        'no-face',
        'several-faces',
        'face-too-small',
        'face-turned-away',
        'different-people',
      ] as const) {
        await answered(sentence(code), async () => {
          engine.failNext(new LikenessError(code));
          await ann.say('smiling', [photo]);
        });
      }
      await ann.say('smiling count:2', [photo]);
      assert.equal(await ann.album(2), 2);
    },
  );

  scene(
    'an album with fewer pictures than were asked for says so beside them, one with none instead',
    async (given) => {
      const { photo, ann, answered } = given;
      await ann.say('mixed', [photo]);
      assert.equal(await ann.album(2), 2);
      await ann.reads(t('album.fewer', { count: 2, wanted: 4 }));
      await answered(sentence('no-portrait'), () => ann.say('faceless', [photo]));
    },
  );

  scene('what goes wrong inside never shows its own words', async (given) => {
    const { engine, photo, ann, answered } = given;
    await answered(sentence('engine-failed'), async () => {
      engine.failNext(new TypeError('/secret/path is not iterable'));
      await ann.say('smiling', [photo]);
    });
    assert.doesNotMatch((await ann.texts()).join(), /secret|TypeError/);
  });

  scene(
    'a full line is told, and what is in line stays there',
    async (given) => {
      const { engine, photo, ann, someone, answered } = given;
      const bob = await someone();
      engine.hold();
      await ann.say('smiling count:3', [photo]);
      await engine.halfWay();
      await ann.reads(t('status.denoise'));
      await answered(sentence('too-many-queued', { count: 1 }), () => ann.say('sad', [photo]));
      await bob.say('smiling', [photo]);
      engine.release();
      assert.equal(await ann.album(2), 3);
      assert.equal(await bob.album(2), 4);
    },
    { memberInLine: 1 },
  );

  scene(
    'a line that is full for everyone is told',
    async (given) => {
      const { engine, photo, ann, someone, answered } = given;
      const bob = await someone();
      engine.hold();
      await ann.say('smiling count:3', [photo]);
      await engine.halfWay();
      await answered(sentence('queue-full', { count: 1 }), () => bob.say('sad', [photo]), bob);
      engine.release();
      assert.equal(await ann.album(2), 3);
    },
    { line: 1 },
  );

  scene(
    'a quota that is used up names the time to wait',
    async (given) => {
      const { engine, photo, ann } = given;
      await ann.say('smiling', [photo]);
      await ann.reads(
        'You have asked for 1 albums this hour, the most one person may. Please try again in 45 minutes.',
      );
      assert.equal(engine.requests.length, 1);
    },
    { memberPerHour: 1 },
  );
}

/** What befalls a bot whose members, and their files, are elsewhere. */
export function testBotMishaps(name: string, open: Open): void {
  const scene = scenesOn(name, open);
  scene('a photo that can no longer be fetched is asked for again', async (given) => {
    const { photo, ann, answered, expireLinks } = given;
    assert.ok(expireLinks);
    expireLinks();
    await answered(sentence('photo-unreachable'), () => ann.say('smiling', [photo]));
  });

  scene('a member who blocks the program, or throws it out, in mid job holds nobody up', async (given) => {
    const { engine, photo, ann, someone, vanish } = given;
    assert.ok(vanish);
    const bob = await someone();
    engine.hold();
    await ann.say('smiling', [photo]);
    await engine.halfWay();
    await vanish(ann);
    engine.release();
    await bob.say('smiling count:3', [photo]);
    assert.equal(await bob.album(2), 3);
  });
}
