import type { Member } from '../../src/chat/member.js';
import { NO_SAMPLES } from '../../src/media/samples.js';
import type { WebPlatformOptions } from '../../src/platforms/web/platform.js';

/** What a web chat is given by the rest of the program: no pictures of presets, and nobody who chose a language yet. */
export function webParts(): Pick<WebPlatformOptions, 'samples' | 'memberLanguages'> {
  const chosen = new Map<string, string | undefined>();
  const language = async ({ id }: Member): Promise<string | undefined> => chosen.get(id);
  const chooseLanguage = async ({ id }: Member, tag: string | undefined): Promise<void> => void chosen.set(id, tag);
  return { samples: NO_SAMPLES, memberLanguages: { language, chooseLanguage } };
}
