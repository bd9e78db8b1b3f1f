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

/** A command with its options filled in. */
export interface Line {
  /** Its name, and an action's. */
  readonly command: string;
  readonly options?: Readonly<Record<string, string | number | true>>;
  readonly photo?: Uint8Array;
}

/** A member on one platform, who asks for one album after the other. */
export interface Person {
  readonly platform: PlatformName;
  agree(): Promise<void>;
  /** Sends a wish with a photo; answers whether the platform says that the program has it. */
  ask(words: string, photo: Uint8Array): Promise<boolean>;
  /** Sends a command, on Telegram those of events in a group; answers whether anything was said to it. */
  say(line: Line): Promise<boolean>;
  /** Asks for the files of the newest album; answers whether they came. */
  fetchFiles(): Promise<boolean>;
  /** Everything that was seen so far, with what stands there now. */
  seen(): readonly Seen[];
  leave(): void;
}

/** A command as it is typed. */
export function typed({ command, options = {} }: Line): string {
  const words = Object.entries(options).map(([name, value]) => `${name}:${value === true ? 'yes' : value}`);
  return ['/' + command, ...words].join(' ');
}

/** What the program says where no album comes: the sentences under `errors`, whatever stands in their gaps. */
const sentences = Object.values(english.errors)
  .flatMap((text) => (typeof text === 'string' ? [text] : Object.values(text)))
  .map((text) => text.split(/\{\w+\}/).reduce((longest, part) => (part.length > longest.length ? part : longest)));

/** Whether a text tells a member why there is no album. */
export function tells(text: string): boolean {
  return sentences.some((sentence) => text.includes(sentence));
}
