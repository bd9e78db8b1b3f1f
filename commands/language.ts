import { LikenessError } from '../pipeline/errors.js';
import type { Command, CommandCall } from './command.js';
import { readOptions } from './options.js';

/** Goes back to the language of the member's app. */
const AUTO = 'auto';
/** Longer than any language tag in use. */
const MAX_TAG = 35;

/** The language a member is answered in. */
export const language: Command = {
  name: 'language',
  description: 'commands.language.description',
  options: [{ type: 'text', name: 'to', description: 'commands.language.to', maxLength: MAX_TAG, main: true }],
  async run(call) {
    const given = readOptions(language, call.invocation.options, call.services.presets).text('to')?.toLowerCase();
    await call.reply.say(given === undefined ? describe(call) : await choose(given, call));
  },
};

function describe({ t, services }: CommandCall): string {
  return t('commands.language.now', { language: nameOf(t.locale), known: list(services.languages) });
}

async function choose(given: string, { invocation, t, services }: CommandCall): Promise<string> {
  const { members, languages, translate } = services;
  if (given === AUTO) {
    await members.chooseLanguage(invocation.member, undefined);
    return t('commands.language.auto');
  }
  if (!languages.includes(given)) throw new LikenessError('language-unknown', { given, known: list(languages) });
  await members.chooseLanguage(invocation.member, given);
  return translate(given)('commands.language.chosen', { language: nameOf(given) });
}

/** A language's name in itself. */
function nameOf(tag: string): string {
  return new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
}

function list(languages: readonly string[]): string {
  return languages.map((tag) => `${tag} (${nameOf(tag)})`).join(', ');
}
