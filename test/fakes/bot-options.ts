import { Keyv } from 'keyv';
import { commands, defaultCommand } from '../../commands/index.js';
import { translator } from '../../src/language/texts.js';
import { NO_SAMPLES } from '../../src/media/samples.js';
import type { BotOptions } from '../../src/platforms/bot-options.js';
import { testPresets } from './presets.js';

/** What a bot under test is made with, but its token: every command, nothing remembered, errors unheard. */
export function testBotOptions(): Omit<BotOptions, 'token'> {
  return {
    commands,
    defaultCommand,
    presets: testPresets,
    samples: NO_SAMPLES,
    maxPhotoBytes: 1_000_000,
    facts: new Keyv<string>(),
    textsFor: async (_, tag) => translator(tag),
    onError: () => undefined,
  };
}
