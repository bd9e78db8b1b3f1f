import type { Keyv } from 'keyv';
import type { Member } from '../chat/member.js';

/** Version of what `consent.ask` says; raised whenever it asks for more, so that everyone is asked again. */
export const CONSENT_VERSION = 1;

/** The small facts kept of members, each under a key of its own. */
export interface Members {
  /** Whether the member agreed to their photo being used, as it is asked for today. */
  hasConsented(member: Member): Promise<boolean>;
  consent(member: Member): Promise<void>;
  /** BCP 47 tag of the language the member chose, if they did. */
  language(member: Member): Promise<string | undefined>;
  /** Undefined goes back to the platform's language. */
  chooseLanguage(member: Member, language: string | undefined): Promise<void>;
  /** Whether the member asked never to be portrayed. */
  hasOptedOut(member: Member): Promise<boolean>;
  optOut(member: Member, out: boolean): Promise<void>;
  /** Deletes every fact but the request never to be portrayed, which only its owner takes back. */
  forget(member: Member): Promise<void>;
}

type Fact = 'consent' | 'language' | 'opted-out';

/** Members' facts in a Keyv store, which decides how long they last. */
export function createMembers(facts: Keyv): Members {
  const keyOf = ({ platform, id }: Member, fact: Fact): string => `member:${platform}:${id}:${fact}`;
  const put = async (member: Member, fact: Fact, value: string | number | undefined): Promise<void> => {
    const key = keyOf(member, fact);
    await (value === undefined ? facts.delete(key) : facts.set(key, value));
  };
  return {
    hasConsented: async (member) => (await facts.get<number>(keyOf(member, 'consent'))) === CONSENT_VERSION,
    consent: (member) => put(member, 'consent', CONSENT_VERSION),
    language: (member) => facts.get<string>(keyOf(member, 'language')),
    chooseLanguage: (member, language) => put(member, 'language', language),
    hasOptedOut: (member) => facts.has(keyOf(member, 'opted-out')),
    optOut: (member, out) => put(member, 'opted-out', out ? 1 : undefined),
    async forget(member) {
      for (const fact of ['consent', 'language'] as const) await facts.delete(keyOf(member, fact));
    },
  };
}
