import assert from 'node:assert/strict';
import type { FakeDiscord } from '../fakes/discord/discord.js';
import { type ShownMessage, textOf } from '../fakes/discord/messages.js';
import type { DiscordUser } from '../fakes/discord/user.js';

const MANAGE_SERVER = '32';

interface Photo {
  readonly bytes: Uint8Array;
}

/** What an event is held with; `restart` ends the program in the middle and starts it again. */
export interface HeldEvent {
  readonly photo: Photo;
  readonly style: string;
  readonly restart: () => Promise<void>;
}

/** Whether a message says something. */
export const says =
  (sentence: RegExp) =>
  (message: ShownMessage): boolean =>
    sentence.test(textOf(message));

/** Someone on Discord who enters, agreeing on the way. */
async function enter(
  user: DiscordUser,
  { photo, name }: { readonly photo: Photo; readonly name: string },
): Promise<void> {
  user.slash('event join', { photo, agree: true, name });
  const question = await user.sees(({ buttons }) => buttons.some(({ label }) => label === 'Read and agree'));
  user.submit(await user.form(user.press(question, 'Read and agree')), { message: question });
  await user.sees(says(/It is your entry in the event now/));
}

/** A whole event in a server of Discord, from its creation to a winner's avatar. Hands out one who took part. */
export async function holdEventOnDiscord(
  discord: FakeDiscord,
  { photo, style, restart }: HeldEvent,
): Promise<{ readonly ann: DiscordUser }> {
  const moderator = discord.user('guild', 'en-US', { permissions: MANAGE_SERVER });
  const [ann, bob, cat] = [discord.user(), discord.user(), discord.user()];
  moderator.slash('event create', { title: 'Sketches', style, hours: 24 });
  await moderator.sees(says(/^Done: “Sketches” is open/));
  const post = await ann.sees(says(/Entries: 0 of 100/));
  assert.equal(discord.world.threads.get(post.id), 'Sketches');
  ann.slash('event end');
  await ann.sees(says(/^Only those who may manage/));
  await enter(ann, { photo, name: 'Ann' });
  await enter(bob, { photo, name: 'Bob' });

  await restart();
  await enter(cat, { photo, name: 'Cat' });
  const again = await ann.sees(says(/Entries: 3 of 100/));
  assert.equal(again.id, post.id, 'the one post is edited in place');
  for (const user of [ann, cat]) {
    user.slash('event vote', { number: 2 });
    await user.sees(says(/^Your vote is for number 2/));
  }
  bob.slash('event vote', { number: 2 });
  await bob.sees(says(/^That is your own entry/));
  moderator.slash('event end');
  await moderator.sees(says(/^“Sketches” is over/));
  const told = await ann.sees(says(/🏆 No\. 2 · Bob, with 2 votes/));
  assert.equal(told.files.length, 1);
  bob.slash('event avatar', { frame: 'gold' });
  const { files } = await bob.sees(says(/^Your avatar/));
  assert.equal(files.length, 1);
  bob.slash('event join', { photo, agree: true });
  await bob.sees(says(/^The event is over/));
  return { ann };
}
