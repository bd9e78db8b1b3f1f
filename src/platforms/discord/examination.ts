import { DiscordAPIError, PermissionsBitField, RequestMethod, type ResponseLike, REST, Routes } from 'discord.js';
import { z } from 'zod';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { translator } from '../../language/texts.js';
import { good, type Observation, wrong } from '../../observation.js';
import { inviteLink, NEEDED_PERMISSIONS } from './permissions.js';

/** Milliseconds Discord may take for an answer. */
const PATIENCE = 10_000;
/** Seconds that this machine's clock may be away from Discord's: tokens live for minutes. */
const MOST_APART = 60;

const user = z.object({ username: z.string() });
const application = z.object({ id: z.string(), interactions_endpoint_url: z.string().nullish() });
const gateway = z.object({
  session_start_limit: z.object({ remaining: z.number(), total: z.number(), reset_after: z.number() }),
});
const registered = z.array(z.object({ name: z.string() }));
const servers = z.array(z.object({ name: z.string(), permissions: z.string() }));

/** What to examine of a bot on Discord. */
export interface DiscordExamination {
  readonly token: string;
  readonly commands: readonly CommandDefinition[];
  /** Address of the REST interface, without version. */
  readonly api?: string | undefined;
  /** This machine's clock, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Looks at a bot as Discord knows it, changing nothing: at its first 200 servers, which one answer holds. */
export async function examineDiscord(options: DiscordExamination): Promise<readonly Observation[]> {
  const { token, commands, api, now = Date.now } = options;
  const rest = new REST({ timeout: PATIENCE, retries: 1, ...(api !== undefined && { api }) }).setToken(token);
  try {
    const { username } = user.parse(await rest.get(Routes.user()));
    const asked = await rest.queueRequest({ method: RequestMethod.Get, fullRoute: Routes.gatewayBot() });
    const own = application.parse(await rest.get(Routes.currentApplication()));
    return [
      good('cli.doctor.discord-token', { username }),
      checkEndpoint(own),
      ...checkClock(asked, now),
      checkGateway(gateway.parse(await asked.json())),
      checkCommands(commands, registered.parse(await rest.get(Routes.applicationCommands(own.id)))),
      ...checkServers(own.id, servers.parse(await rest.get(Routes.userGuilds()))),
    ];
  } catch (error) {
    const refused = error instanceof DiscordAPIError && error.status === 401;
    const data = { platform: 'Discord', variable: 'DISCORD_TOKEN' };
    return [wrong(refused ? 'errors.chat-token-refused' : 'errors.chat-unreachable', data)];
  } finally {
    rest.clearHashSweeper();
    rest.clearHandlerSweeper();
  }
}

/** Discord's clock is in the head of each of its answers. */
function checkClock({ headers }: Pick<ResponseLike, 'headers'>, now: () => number): readonly Observation[] {
  const theirs = Date.parse(headers.get('date') ?? '');
  const ahead = Math.round((now() - theirs) / 1000);
  if (Number.isNaN(ahead) || Math.abs(ahead) <= MOST_APART) return [];
  const data = { seconds: Math.abs(ahead) };
  return [wrong(ahead > 0 ? 'cli.doctor.clock-ahead' : 'cli.doctor.clock-behind', data)];
}

/** Where an application has an address for interactions, they are sent there and never arrive at the bot. */
function checkEndpoint({ interactions_endpoint_url: url }: z.infer<typeof application>): Observation {
  return url ? wrong('cli.doctor.discord-endpoint', { url }) : good('cli.doctor.discord-intents');
}

function checkGateway({
  session_start_limit: { remaining, total, reset_after },
}: z.infer<typeof gateway>): Observation {
  const t = translator('en');
  if (remaining > 0) return good('cli.doctor.discord-starts', { remaining, total });
  return wrong('cli.doctor.discord-no-starts', { total, wait: t.duration(reset_after) });
}

function checkCommands(commands: readonly CommandDefinition[], known: z.infer<typeof registered>): Observation {
  const wanted = [...commands.map(({ name }) => name), translator('en')('discord.make-portraits')];
  const missing = wanted.filter((name) => !known.some((one) => one.name === name));
  if (missing.length === 0) return good('cli.doctor.discord-commands', { count: known.length });
  return good('cli.doctor.discord-commands-later', { names: missing.join(', ') });
}

function checkServers(id: string, found: z.infer<typeof servers>): readonly Observation[] {
  const link = inviteLink(id);
  const lacking = found.flatMap(({ name, permissions }) => {
    const missing = new PermissionsBitField(BigInt(permissions)).missing(NEEDED_PERMISSIONS);
    return missing.length === 0
      ? []
      : [wrong('cli.doctor.discord-server', { name, missing: missing.join(', '), link })];
  });
  if (lacking.length > 0) return lacking;
  const count = found.length;
  return [count === 0 ? good('cli.doctor.discord-no-server', { link }) : good('cli.doctor.discord-servers', { count })];
}
