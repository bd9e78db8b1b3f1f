import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Member } from '../chat/member.js';
import { typedKeys } from '../typed-keys.js';

/** What a button does, and the letter that stands for it in a token. */
const letters = {
  cancel: 'c',
  again: 'a',
  more: 'n',
  change: 'g',
  publish: 'p',
  files: 'f',
  delete: 'd',
  consent: 'o',
  choose: 'h',
  largest: 'l',
  say: 's',
  describe: 'b',
  style: 'y',
  try: 't',
  join: 'j',
  vote: 'v',
  report: 'r',
  'report-entry': 'e',
  picture: 'i',
  like: 'k',
  avatar: 'u',
  file: 'x',
  remove: 'm',
} as const;

/** The things that can be pressed. */
export type ButtonAction = keyof typeof letters;

const actions = typedKeys(letters);

/** What a button does and to what: the id of a job, what is chosen so far, the line it says, or nothing. */
export interface Button {
  readonly action: ButtonAction;
  readonly subject: string;
}

/** A button that others than its owner press. */
export interface ButtonForAll extends Button {
  /** Id of the member it is about; empty where it is about nobody. */
  readonly owner: string;
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
  /** The same for a button that everyone may press; the token names its owner. */
  signForAll(button: ButtonForAll): string;
  /** What a button that everyone may press means; undefined when the token is not of one of ours. */
  openForAll(token: string): ButtonForAll | undefined;
}

/** Buttons signed with a key derived from a secret that outlives a restart, such as the bot's own token. */
export function createButtons(secret: string): Buttons {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'likeness buttons', 32));
  const mac = (body: string, presser?: Member): string => {
    const signed = JSON.stringify(presser ? [body, presser.platform, presser.id] : [body]);
    return createHmac('sha256', key).update(signed).digest().subarray(0, MAC_BYTES).toString('base64url');
  };
  const seal = ({ action, subject }: Button, presser?: Member): string => {
    const body = letters[action] + subject;
    const token = body + mac(body, presser);
    if (/^[\x20-\x7e]*$/.test(token) && token.length <= MAX_TOKEN) return token;
    throw new RangeError(`Expected a button's subject of at most ${MAX_TOKEN - 1 - MAC_LENGTH} ASCII characters`);
  };
  const open = (token: string, presser?: Member): Button | undefined => {
    const body = token.slice(0, -MAC_LENGTH);
    const given = Buffer.from(token.slice(-MAC_LENGTH));
    const expected = Buffer.from(mac(body, presser));
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const action = actions.find((candidate) => letters[candidate] === body[0]);
    return action && { action, subject: body.slice(1) };
  };
  return {
    sign: seal,
    open,
    signForAll: ({ action, owner, subject }) => seal({ action, subject: `${owner}~${subject}` }),
    openForAll(token) {
      const opened = open(token);
      if (!opened) return undefined;
      const [owner = '', subject = ''] = opened.subject.split('~');
      return { action: opened.action, owner, subject };
    },
  };
}
