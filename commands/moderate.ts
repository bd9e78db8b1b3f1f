import type { Server } from '../src/chat/member.js';
import { type Options, readOptions } from '../src/chat/options.js';
import { LikenessError } from '../src/errors.js';
import { administeredServer } from './admission.js';
import type { Command, CommandCall } from './command.js';

/** Longer than any id or mention. */
const MAX_ID = 64;
/** An id as it is, or as Discord writes a mention. */
const ID = /^(?:<@!?(\d{1,25})>|([\w-]{1,64}))$/;

/** What moderators do about a member: keep them from asking for portraits here, and let them again. */
export const moderate: Command = {
  name: 'moderate',
  description: 'commands.moderate.description',
  forAdministrators: true,
  options: [
    {
      type: 'action',
      name: 'do',
      description: 'commands.moderate.do',
      actions: [
        { name: 'ban', description: 'commands.moderate.ban', options: ['member', 'number'] },
        { name: 'unban', description: 'commands.moderate.unban', options: ['member'] },
        { name: 'reports', description: 'commands.moderate.reports', options: [] },
        { name: 'pause', description: 'commands.moderate.pause', options: [] },
        { name: 'resume', description: 'commands.moderate.resume', options: [] },
      ],
    },
    { type: 'text', name: 'member', description: 'commands.moderate.member', maxLength: MAX_ID },
    {
      type: 'integer',
      name: 'number',
      description: 'commands.moderate.number',
      min: 1,
      max: 1_000_000,
      error: 'number-out-of-range',
    },
  ],
  async run(call) {
    const { invocation, reply, t, services } = call;
    const options = readOptions(moderate, invocation.options, services.presets);
    const chosen = options.text('do');
    if (chosen === 'pause' || chosen === 'resume') return setPause(call, chosen === 'pause');
    const server = await administeredServer(call);
    if (chosen === undefined) return reply.say(t('commands.moderate.how'));
    if (chosen === 'reports') {
      await services.reports.settle(server, invocation.address);
      return reply.say(t('commands.moderate.reports-here'));
    }
    const id = await readMember(options, server, call);
    if (chosen === 'unban') {
      const lifted = await services.bans.unban(server, id);
      return reply.say(t(lifted ? 'commands.moderate.unbanned' : 'commands.moderate.not-banned', { member: id }));
    }
    await services.bans.ban(server, id);
    await services.events.expel(server, { platform: server.platform, id });
    await reply.say(t('commands.moderate.banned', { member: id }));
  },
};

/** Everywhere, and for those who run the program alone. */
async function setPause({ invocation, reply, t, services }: CommandCall, on: boolean): Promise<void> {
  if (!(await services.isOwner(invocation))) throw new LikenessError('not-an-owner');
  await services.pause.set(on);
  await reply.say(t(on ? 'commands.moderate.paused' : 'commands.moderate.resumed'));
}

/** Who is meant: by id or mention, or by the number of their entry in the event here. */
async function readMember(options: Options, server: Server, { services }: CommandCall): Promise<string> {
  const given = options.text('member')?.trim();
  const number = options.integer('number');
  if (given === undefined && number !== undefined) {
    const { entries } = await services.events.find(server);
    const entry = entries.find((candidate) => candidate.number === number);
    if (!entry) throw new LikenessError('event-entry-unknown', { number });
    return entry.member.id;
  }
  const [, mentioned, plain] = ID.exec(given ?? '') ?? [];
  const id = mentioned ?? plain;
  if (id === undefined) throw new LikenessError('option-invalid', { option: 'member', given: given ?? '' });
  return id;
}
