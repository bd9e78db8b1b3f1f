import type { Member } from '../platforms/platform.js';

/** Who agreed to their photo being used. Consent is given once a member and can be taken back. */
export interface Consents {
  has(member: Member): Promise<boolean>;
  give(member: Member): Promise<void>;
  withdraw(member: Member): Promise<void>;
}

/** Consents that last as long as the process. */
export function createMemoryConsents(): Consents {
  const given = new Set<string>();
  const keyOf = ({ platform, id }: Member): string => `${platform}:${id}`;
  return {
    has: async (member) => given.has(keyOf(member)),
    give: async (member) => void given.add(keyOf(member)),
    withdraw: async (member) => void given.delete(keyOf(member)),
  };
}
