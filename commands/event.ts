import { AVATAR_FRAMES } from '../src/chat/avatar-frames.js';
import type { Action, CommandOption } from '../src/chat/command-definition.js';
import { type Member, sameMember, type Server } from '../src/chat/member.js';
import { readOptions } from '../src/chat/options.js';
import type { LineButton } from '../src/chat/reply.js';
import { LikenessError } from '../src/errors.js';
import type { AvatarEvent } from '../src/events/event.js';
import type { Translate } from '../src/language/texts.js';
import { typedKeys } from '../src/typed-keys.js';
import { MAX_PROMPT } from './album.js';
import type { Command, CommandCall } from './command.js';
import { createEvent, type EventCall, joinEvent } from './event-entries.js';
import { reportEntry } from './event-report.js';
import { PHOTOS } from './photos.js';

/** Longest title, and longest name of a member. */
const MAX_TITLE = 80;
const MAX_NAME = 32;
/** Longest event, in hours. */
const MAX_HOURS = 30 * 24;
const MAX_ENTRIES = 100;
/** What fits below one message of every platform. */
const MAX_BUTTONS = 25;

type ActionName = keyof typeof actions;

const action = (name: ActionName, options: Action['options'], photos?: true): Action => ({
  name,
  description: `commands.event.${name}`,
  options,
  ...(photos && { photos }),
});

const integer = (name: 'hours' | 'entries' | 'number', max: number, preset?: number): CommandOption => ({
  type: 'integer',
  name,
  description: `commands.event.${name}`,
  min: name === 'entries' ? 2 : 1,
  max,
  ...(preset !== undefined && { default: preset }),
  error: 'number-out-of-range',
});

/** What a server does together: everyone's portrait in one style, and a vote. */
export const event: Command = {
  name: 'event',
  description: 'commands.event.description',
  photos: PHOTOS,
  options: [
    {
      type: 'action',
      name: 'do',
      description: 'commands.event.do',
      actions: [
        action('create', ['title', 'prompt', 'style', 'hours', 'entries', 'blind']),
        action('join', ['agree', 'name'], true),
        action('withdraw', []),
        action('vote', ['number']),
        action('status', []),
        action('sheet', []),
        action('end', []),
        action('avatar', ['frame']),
        action('report', ['number']),
      ],
    },
    { type: 'text', name: 'title', description: 'commands.event.title', maxLength: MAX_TITLE },
    { type: 'text', name: 'prompt', description: 'commands.event.prompt', maxLength: MAX_PROMPT },
    { type: 'preset', name: 'style', description: 'commands.event.style', from: 'styles' },
    integer('hours', MAX_HOURS, 72),
    integer('entries', MAX_ENTRIES, MAX_ENTRIES),
    { type: 'switch', name: 'blind', description: 'commands.event.blind' },
    { type: 'switch', name: 'agree', description: 'commands.event.agree' },
    { type: 'text', name: 'name', description: 'commands.event.name', maxLength: MAX_NAME },
    integer('number', 1_000_000),
    { type: 'text', name: 'frame', description: 'commands.event.frame', maxLength: MAX_NAME },
  ],
  async run(call) {
    const { invocation, services } = call;
    const options = readOptions(event, invocation.options, services.presets);
    const chosen = actionNames.find((name) => name === options.text('do')) ?? 'status';
    const server = await findServer(call, chosen);
    if (await services.bans.has(server, invocation.member.id)) throw new LikenessError('banned');
    await actions[chosen]({ ...call, options, server });
  },
};

const actions = {
  async create(call: EventCall) {
    await demandModerator(call);
    await createEvent(call);
  },
  join: joinEvent,
  async withdraw({ invocation: { member }, reply, t, services, server }: EventCall) {
    await services.events.act(server, { kind: 'withdraw', member });
    await reply.say(t('commands.event.withdrawn'));
  },
  async vote({ invocation: { member }, reply, t, services, server, options }: EventCall) {
    const number = options.integer('number');
    if (number === undefined) return reply.say(t('commands.event.vote-how'));
    await services.events.act(server, { kind: 'vote', member, number });
    await reply.say(t('commands.event.voted', { number }));
  },
  async status({ reply, t, services, server }: EventCall) {
    await reply.say(services.events.describe(await services.events.find(server), t));
  },
  async sheet({ invocation: { member }, reply, t, services, server }: EventCall) {
    const found = await services.events.find(server);
    const sheets = await services.events.sheets(found, t);
    const text = services.events.describe(found, t);
    if (sheets.length === 0) return reply.say(text);
    await reply.show(text, sheets, reply.whispers ? votesFor(found, member, t) : []);
  },
  async end(call: EventCall) {
    await demandModerator(call);
    const { title } = await call.services.events.end(call.server);
    await call.reply.say(call.t('commands.event.ended', { title }));
  },
  report: reportEntry,
  async avatar({ invocation: { member }, reply, t, services, server, options }: EventCall) {
    const given = options.text('frame')?.trim().toLowerCase();
    const frame = AVATAR_FRAMES.find((name) => name === given);
    if (given !== undefined && frame === undefined) {
      throw new LikenessError('choice-unknown', { given, option: 'frame', known: AVATAR_FRAMES.join(', ') });
    }
    const bytes = await services.events.avatar(server, { member, ...(frame && { frame }) });
    const description = t('commands.event.avatar-picture');
    const picture = { name: 'avatar.png', type: 'image/png', bytes, description } as const;
    await reply.show(t('commands.event.avatar-how', { frames: AVATAR_FRAMES.join(', ') }), [picture]);
  },
} as const;

/** A button for each entry that may be voted for, where few enough fit below one answer. */
function votesFor({ endedAt, entries }: AvatarEvent, member: Member, t: Translate): readonly LineButton[] {
  if (endedAt !== undefined) return [];
  const others = entries.filter((entry) => entry.portrait && !sameMember(entry.member, member));
  return others
    .slice(0, MAX_BUTTONS)
    .map(({ number }) => ({ label: t('event.vote-for', { number }), line: `/event vote number:${number}` }));
}

const actionNames = typedKeys(actions);

/** The server an action is for; an entry can be taken back where its member is alone with the bot as well. */
async function findServer(
  { invocation: { member, place }, services: { events } }: CommandCall,
  chosen: ActionName,
): Promise<Server> {
  if (place.server !== undefined) return { platform: member.platform, id: place.server };
  const [first, ...others] = chosen === 'withdraw' ? await events.joinedBy(member) : [];
  if (!first) throw new LikenessError('event-not-here');
  if (others.length === 0) return first.server;
  throw new LikenessError('event-which', { titles: [first, ...others].map(({ title }) => `“${title}”`).join(', ') });
}

/** Asked each time: who is no moderator any more may not end what they began. */
async function demandModerator({ invocation: { standing } }: EventCall): Promise<void> {
  if (!(await standing.mayAdminister())) throw new LikenessError('event-not-moderator');
}
