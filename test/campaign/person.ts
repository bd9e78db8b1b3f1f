import { english } from '../../src/language/locales.js';
import type { PlatformName } from '../../src/chat/member.js';

/** A message of the program's as a member sees it. */
export interface Seen {
  readonly id: string;
  readonly text: string;
  /** Whether it is an album. */
  readonly album: boolean;
  /** Whether it shows that a request is in line or being made. */
  readonly status: boolean;
}

/** A member on one platform, who asks for one album after the other. */
export interface Person {
  readonly platform: PlatformName;
  agree(): Promise<void>;
  /** Sends a wish with a photo; answers whether the platform says that the program has it. */
  ask(words: string, photo: Uint8Array): Promise<boolean>;
  /** Everything that was seen so far, with what stands there now. */
  seen(): readonly Seen[];
  leave(): void;
}

/** What the program says where no album comes: the sentences under `errors`, whatever stands in their gaps. */
const sentences = Object.values(english.errors)
  .flatMap((text) => (typeof text === 'string' ? [text] : Object.values(text)))
  .map((text) => text.split(/\{\w+\}/).reduce((longest, part) => (part.length > longest.length ? part : longest)));

/** Whether a text tells a member why there is no album. */
export function tells(text: string): boolean {
  return sentences.some((sentence) => text.includes(sentence));
}
