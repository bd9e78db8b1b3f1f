import type { ChatHost, ReceivedRequest } from '../chat/host.js';
import type { PlatformName } from '../chat/member.js';
import type { ChatPlatform } from '../chat/platform.js';
import type { Pending } from '../data/pending.js';
import { translator } from '../language/texts.js';

export interface InterruptedParts {
  readonly pending: Pending<ReceivedRequest>;
  readonly platforms: ReadonlyMap<PlatformName, ChatPlatform>;
  /** Whether a request became a job: its member is answered by that. */
  readonly isAccepted: (request: ReceivedRequest) => Promise<boolean>;
  /** The language its member is answered in. */
  readonly languageOf: (request: ReceivedRequest) => Promise<string>;
  readonly onError: (error: unknown, command: string) => void;
}

/** Sees to it that no request is forgotten that a killed program had received. */
export interface Interrupted extends Pick<ChatHost, 'begin'> {
  /** Tells the members whose requests a program that is gone left unanswered; called at the start, and now and then. */
  tell(): Promise<void>;
}

export function createInterrupted(parts: InterruptedParts): Interrupted {
  const { pending, platforms, isAccepted, languageOf, onError } = parts;
  const note = (error: unknown): void => onError(error, 'interrupted');
  const tellOne = async (left: ReceivedRequest): Promise<void> => {
    const platform = platforms.get(left.member.platform);
    if (!platform || (await isAccepted(left))) return;
    platform.restore?.(left.address);
    await platform.reply(left.address).refuse(translator(await languageOf(left))('errors.interrupted'));
  };
  /** What this program has begun and not ended, and when it is recorded. */
  const open = new Map<string, { readonly text: string; readonly recorded: Promise<void> }>();
  return {
    async begin({ key, member, address, locale }) {
      const name = `${member.platform}:${key}`;
      const received = { key, member, address, ...(locale !== undefined && { locale }) };
      const text = JSON.stringify(received);
      const known = open.get(name);
      // What cannot be recorded is done all the same.
      const recorded = known?.text === text ? known.recorded : pending.begin(name, received).catch(note);
      open.set(name, { text, recorded });
      await recorded;
      return () => {
        if (open.delete(name)) void pending.end(name).catch(note);
      };
    },
    async tell() {
      // What a full disk does not let be taken is taken by a later look: the program starts all the same.
      const lapsed = await pending.takeLapsed().catch((error: unknown) => {
        note(error);
        return [];
      });
      // A program that is killed before it told somebody leaves it to the next one.
      for (const { key, value } of lapsed) {
        await tellOne(value).catch(note);
        await pending.end(key).catch(note);
      }
    },
  };
}
