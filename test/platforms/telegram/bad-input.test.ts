import { pino } from 'pino';
import { composeChat } from '../../../src/compose/chat.js';
import { translator } from '../../../src/language/texts.js';
import {
  type Petitioner,
  type ProgramParts,
  type ProgramUnderTest,
  testBadInput,
  testBotMishaps,
} from '../../contract/bad-input.js';
import { testPresets } from '../../fakes/presets.js';
import { FakeMember, keysOf, type Said } from '../../fakes/telegram/member.js';
import { FakeTelegram } from '../../fakes/telegram/server.js';
import { SPEED } from '../../fakes/telegram/timing.js';
import type { FakeMessage } from '../../fakes/telegram/world.js';

/** The longest caption and the longest message people can write. */
const MAX_CAPTION = 1024;
const MAX_TEXT = 4096;

const open = async ({ engine, limits, now }: ProgramParts): Promise<ProgramUnderTest> => {
  const fake = await FakeTelegram.start({ speed: SPEED });
  const config = { host: '127.0.0.1', port: 0, limits, telegram: fake.connection };
  const chat = composeChat({ config, engine, presets: testPresets, log: pino({ level: 'silent' }), now });
  await chat.start();
  const members = new Map<Petitioner, FakeMember>();
  return {
    async petitioner() {
      const member = new FakeMember(fake);
      const petitioner = petitionerIn(fake, member);
      members.set(petitioner, member);
      return petitioner;
    },
    longestLine: MAX_TEXT,
    silence: {
      answer: translator('en')('telegram.choose'),
      send: (petitioner, photo) => petitioner.say('', [photo]),
    },
    expireLinks: () => void (fake.world.keepsFiles = false),
    vanish: async (petitioner) => members.get(petitioner)?.block(),
    async stop() {
      await chat.stop();
      await fake.stop();
    },
  };
};

testBadInput('telegram', open);
testBotMishaps('telegram', open);

function petitionerIn(fake: FakeTelegram, member: FakeMember): Petitioner {
  let last: Said | undefined;
  const texts = (): string[] => member.seen().flatMap(({ text }) => text ?? []);
  return {
    async say(line, photos = []) {
      const answers = last?.messages[0];
      // What is too long for a caption is written in reply to a photo that is there already.
      if (line.length > MAX_CAPTION && answers) await member.say(line, { answers });
      else last = await member.say(line, { photos, files: photos.map(() => 'photo.jpg') });
    },
    agree: async () => void (await member.press('I agree')),
    reads: (text) => fake.until(() => texts().find((seen) => seen.includes(text))),
    texts: async () => texts(),
    async album(number) {
      await fake.until(() =>
        member
          .seen()
          .filter(isBelowAlbum)
          .at(number - 1),
      );
      return member.lastAlbum()?.messages.length ?? 0;
    },
  };
}

/** Whether this is the message with the buttons of an album. */
function isBelowAlbum(message: FakeMessage): boolean {
  return keysOf(message).some(({ text }) => text === 'More');
}
