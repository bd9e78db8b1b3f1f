import { LikenessError } from '../pipeline/errors.js';
import type { CommandCall } from './command.js';

/** What a member wants pictures of, as far as it can be forbidden. */
export interface Wanted {
  /** Pictures in the album. */
  readonly count: number;
  /** Every word the model will be given. */
  readonly said: string;
}

/**
 * Refuses a wish for pictures that is not allowed in its server, or whose words are not allowed anywhere.
 * @throws LikenessError `banned`, `channel-not-allowed`, `role-missing`, `count-too-large`, and those of `PromptFilter`.
 */
export async function checkAllowed(
  { invocation, services }: Pick<CommandCall, 'invocation' | 'services'>,
  { count, said }: Wanted,
): Promise<void> {
  const { member, place, standing } = invocation;
  const server = place.server === undefined ? undefined : { platform: member.platform, id: place.server };
  const set = server && (await services.servers.settings(server));
  if (server && (await services.bans.has(server, member.id))) throw new LikenessError('banned');
  const { channels = [], roles = [], largestCount = count, blockedWords = [] } = set ?? {};
  if (channels.length > 0 && !channels.includes(place.id)) throw new LikenessError('channel-not-allowed');
  if (roles.length > 0 && !roles.some((role) => standing.roles?.includes(role)))
    throw new LikenessError('role-missing');
  if (count > largestCount) throw new LikenessError('count-too-large', { given: count, limit: largestCount });
  services.words.check(said, blockedWords);
}
