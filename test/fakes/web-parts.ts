import { Keyv } from 'keyv';
import type { Member } from '../../src/chat/member.js';
import { NO_GLOSSARY } from '../../src/language/glossary.js';
import { NO_SAMPLES } from '../../src/media/samples.js';
import { createHistory } from '../../src/platforms/web/history.js';
import type { WebPlatformOptions } from '../../src/platforms/web/platform.js';
import { createMemoryVault } from '../../src/vault/memory.js';

/** What a web chat is given by the rest of the program: no pictures of presets, nobody who chose a language, no album kept yet. */
export function webParts(): Pick<
  WebPlatformOptions,
  'samples' | 'glossary' | 'memberLanguages' | 'history' | 'onError'
> {
  const chosen = new Map<string, string | undefined>();
  const language = async ({ id }: Member): Promise<string | undefined> => chosen.get(id);
  const chooseLanguage = async ({ id }: Member, tag: string | undefined): Promise<void> => void chosen.set(id, tag);
  const history = createHistory({ days: 30, vault: createMemoryVault(), facts: new Keyv(), now: Date.now });
  const memberLanguages = { language, chooseLanguage };
  return { samples: NO_SAMPLES, glossary: NO_GLOSSARY, memberLanguages, history, onError: () => undefined };
}
