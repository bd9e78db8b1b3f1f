import type { Server } from '../src/chat/member.js';
import { cleanLine } from '../src/chat/clean-text.js';
import type { Options } from '../src/chat/options.js';
import type { SizedPicture } from '../src/chat/picture.js';
import { findPreset, nameIn, styleIn } from '../src/chat/presets.js';
import { LikenessError } from '../src/errors.js';
import { checkAllowed } from './admission.js';
import { DEFAULT_STRENGTH, randomSeed, submitAlbum } from './album.js';
import type { CommandCall } from './command.js';
import { checkPhotoCount, keepPhotos } from './photos.js';

/** A call of `/event` in its server. */
export interface EventCall extends CommandCall {
  readonly options: Options;
  readonly server: Server;
}

const HOUR = 60 * 60_000;

/** Creates the server's event and posts it where it was asked for. */
export async function createEvent({ invocation, reply, t, services, server, options }: EventCall): Promise<void> {
  const style = findPreset(services.presets.styles, options.text('style') ?? '')?.words;
  const words = lineOf(options, 'prompt');
  const understood = words && services.glossary.understand(words, t.locale);
  const prompt = [understood, style].filter((part) => part !== undefined && part !== '').join(', ');
  if (prompt === '') throw new LikenessError('event-theme-missing');
  const title = lineOf(options, 'title') || t('event.untitled');
  await checkAllowed({ invocation, services }, { count: 1, said: [words ?? '', prompt, title].join(', ') });
  const draft = {
    server,
    title,
    prompt,
    address: invocation.address,
    locale: t.locale,
    limit: options.integer('entries') ?? 0,
    blind: options.switch('blind'),
    endsAt: Date.now() + (options.integer('hours') ?? 0) * HOUR,
  };
  await services.events.create(draft, await picturedTheme(prompt, { t, services }));
  await reply.say(t('commands.event.created', { title }));
}

/** What everyone is to read of a member's words. */
function lineOf(options: Options, name: 'prompt' | 'title' | 'name'): string | undefined {
  const words = options.text(name);
  return words === undefined ? undefined : cleanLine(words);
}

/** The style that every entry is drawn in, to look at; undefined where nobody made a picture of it. */
async function picturedTheme(
  prompt: string,
  { t, services: { presets, samples } }: Pick<EventCall, 't' | 'services'>,
): Promise<SizedPicture | undefined> {
  const style = styleIn(prompt, presets);
  const bytes = style && (await samples.tile('styles', style.name));
  const description = style && t('event.theme', { prompt: nameIn(t.locale, style) });
  return bytes && description !== undefined ? { name: 'theme.jpg', type: 'image/jpeg', bytes, description } : undefined;
}

/** Enters a member with their own photo, once they have agreed; the portrait is made like any other. */
export async function joinEvent(call: EventCall): Promise<void> {
  const { invocation, reply, t, services, server, options } = call;
  const { member, address, key } = invocation;
  if (await services.members.hasOptedOut(member)) throw new LikenessError('opted-out');
  const { title, prompt } = await services.events.find(server);
  if (!options.switch('agree')) return reply.say(t('commands.event.ask', { title }));
  checkPhotoCount(invocation.attachments);
  const name = lineOf(options, 'name') || undefined;
  await checkAllowed({ invocation, services }, { count: 1, said: [prompt, name ?? ''].join(', ') });
  if (!(await services.members.hasConsented(member))) return reply.askConsent(t('consent.ask'));
  const entrant = { member, address, key, at: Date.now(), ...(name !== undefined && { name }) };
  await services.events.act(server, { kind: 'join', ...entrant });
  try {
    await submit(call);
  } catch (error) {
    await services.events.act(server, { kind: 'fail', member, key });
    throw error;
  }
}

async function submit({ invocation, t, services, server }: EventCall): Promise<void> {
  const { key, member, place, address } = invocation;
  const { id, prompt } = await services.events.find(server);
  const files = await keepPhotos(invocation, services);
  const parameters = { prompt, count: 1, strength: DEFAULT_STRENGTH, seed: randomSeed() };
  const options = { ...parameters };
  const draft = { key, member, place, address, locale: t.locale, ...files, parameters, options, event: id };
  await submitAlbum(draft, { invocation, services });
}
