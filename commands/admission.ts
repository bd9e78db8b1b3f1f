import type { Server } from '../src/chat/member.js';
import type { Preset } from '../src/chat/presets.js';
import { LikenessError } from '../src/errors.js';
import type { CommandCall } from './command.js';

/** What a member wants pictures of, as far as it can be forbidden. */
export interface Wanted {
  /** Pictures in the album. */
  readonly count: number;
  /** Every word the model will be given. */
  readonly said: string;
}

/**
 * Refuses a request for pictures that is not allowed in its server, or whose words are not allowed anywhere.
 * @throws LikenessError `paused`, `banned`, `channel-not-allowed`, `role-missing`, `count-too-large`, `style-not-allowed`, and those of `PromptFilter`.
 */
export async function checkAllowed(
  { invocation, services }: Pick<CommandCall, 'invocation' | 'services'>,
  { count, said }: Wanted,
): Promise<void> {
  const { member, place, standing } = invocation;
  if (await services.pause.isOn()) throw new LikenessError('paused');
  if (place.server === undefined) return services.words.check(said, []);
  const server = { platform: member.platform, id: place.server };
  if (await services.bans.has(server, member.id)) throw new LikenessError('banned');
  const { channels, roles, largestCount = count, blockedWords, styles } = await services.servers.settings(server);
  if (channels.length > 0 && !channels.includes(place.id)) throw new LikenessError('channel-not-allowed');
  if (roles.length > 0 && !roles.some((role) => standing.roles?.includes(role)))
    throw new LikenessError('role-missing');
  if (count > largestCount) throw new LikenessError('count-too-large', { given: count, limit: largestCount });
  checkStyles(said, styles, services.presets.styles);
  services.words.check(said, blockedWords);
}

/** A style counts whether it was chosen or written. */
function checkStyles(said: string, allowed: readonly string[], known: readonly Preset[]): void {
  if (allowed.length === 0) return;
  const words = said.toLowerCase();
  const found = known.find(({ name, words: its }) => !allowed.includes(name) && words.includes(its.toLowerCase()));
  if (found) throw new LikenessError('style-not-allowed', { style: found.name, allowed: allowed.join(', ') });
}

/**
 * The server a command was given in, where its member may administer it.
 * @throws LikenessError `not-a-server`, `not-an-admin`.
 */
export async function administeredServer({
  invocation: { member, place, standing },
}: Pick<CommandCall, 'invocation'>): Promise<Server> {
  if (place.server === undefined) throw new LikenessError('not-a-server');
  if (!(await standing.mayAdminister())) throw new LikenessError('not-an-admin');
  return { platform: member.platform, id: place.server };
}
