import { type Client, Events } from 'discord.js';
import { dispatch } from './dispatch.js';
import type { ExpiringMap } from '../expiring-map.js';
import { greet, type GreetingParts } from './greeting.js';
import { hear, type HearParts } from './hear.js';

export interface ListeningParts {
  /** What is needed to take something that comes now. */
  readonly partsNow: () => HearParts;
  readonly greeting: GreetingParts;
  /** What was taken in the last minutes, by its id: after a lost connection Discord sends again what it is not sure was heard. */
  readonly seen: ExpiringMap<true>;
  readonly onError: (error: unknown) => void;
}

/** Takes what members do, what they write to the bot, and servers that come and go, until it is told to stop. */
export function listen(client: Client, { partsNow, greeting, seen, onError }: ListeningParts) {
  const busy = new Set<Promise<void>>();
  const begin = (work: Promise<void>): void => {
    const done: Promise<void> = work.catch(onError).finally(() => busy.delete(done));
    busy.add(done);
  };
  const once = (id: string, user: string, work: () => Promise<void>): void => {
    if (seen.get(id)) return;
    seen.set(id, user, true);
    begin(work());
  };
  client.on(Events.InteractionCreate, (interaction) =>
    once(interaction.id, interaction.user.id, () => dispatch(interaction, partsNow())),
  );
  client.on(Events.MessageCreate, (message) => once(message.id, message.author.id, () => hear(message, partsNow())));
  client.on(Events.GuildCreate, (guild) => begin(greet(guild, greeting)));
  // A server that merely cannot be reached at the moment is told of by another event.
  client.on(Events.GuildDelete, ({ id }) => begin(partsNow().host.gone({ server: { platform: 'discord', id } })));
  return {
    /** Resolves when what was taken is answered. */
    async stop(): Promise<void> {
      client.removeAllListeners(Events.InteractionCreate).removeAllListeners(Events.MessageCreate);
      client.removeAllListeners(Events.GuildCreate).removeAllListeners(Events.GuildDelete);
      await Promise.allSettled(busy);
    },
  };
}
