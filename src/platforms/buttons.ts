import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Member } from './platform.js';

/** What a button does, and the letter that stands for it in a token. */
const letters = {
  cancel: 'c',
  again: 'a',
  'new-seed': 'n',
  publish: 'p',
  files: 'f',
  delete: 'd',
  consent: 'o',
  choose: 'h',
  largest: 'l',
} as const;

/** The things that can be pressed. */
export type ButtonAction = keyof typeof letters;

/** What a button does and to what: the id of a job, what is chosen so far, or nothing. */
export interface Button {
  readonly action: ButtonAction;
  readonly subject: string;
}

/** The longest token, in bytes: what Telegram's `callback_data` holds. */
export const MAX_TOKEN = 64;

const MAC_BYTES = 12;
const MAC_LENGTH = (MAC_BYTES * 4) / 3;

/** Makes and reads the tokens of buttons that need no memory: they work after a restart, and for their owner only. */
export interface Buttons {
  /** ASCII, at most `MAX_TOKEN` bytes. The owner is part of the signature, so the token does not name them. */
  sign(button: Button, owner: Member): string;
  /** What a pressed button means; undefined when the presser is not its owner, or the token is not ours. */
  open(token: string, presser: Member): Button | undefined;
}

/** Buttons signed with a key derived from a secret that outlives a restart, such as the bot's own token. */
export function createButtons(secret: string): Buttons {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'likeness buttons', 32));
  const mac = (body: string, { platform, id }: Member): string => {
    const signed = JSON.stringify([body, platform, id]);
    return createHmac('sha256', key).update(signed).digest().subarray(0, MAC_BYTES).toString('base64url');
  };
  return {
    sign({ action, subject }, owner) {
      const body = letters[action] + subject;
      const token = body + mac(body, owner);
      if (/^[\x21-\x7e]*$/.test(token) && token.length <= MAX_TOKEN) return token;
      throw new RangeError(`Expected a button's subject of at most ${MAX_TOKEN - 1 - MAC_LENGTH} ASCII characters`);
    },
    open(token, presser) {
      const body = token.slice(0, -MAC_LENGTH);
      const given = Buffer.from(token.slice(-MAC_LENGTH));
      const expected = Buffer.from(mac(body, presser));
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      const action = actions.find((candidate) => letters[candidate] === body[0]);
      return action && { action, subject: body.slice(1) };
    },
  };
}

const actions: readonly ButtonAction[] = [
  'cancel',
  'again',
  'new-seed',
  'publish',
  'files',
  'delete',
  'consent',
  'choose',
  'largest',
];
