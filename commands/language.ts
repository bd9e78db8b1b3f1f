import { nameOfLanguage } from '../src/chat/language-name.js';
import { readOptions } from '../src/chat/options.js';
import { LikenessError } from '../src/errors.js';
import type { Command, CommandCall } from './command.js';

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
    const given = readOptions(language, call.invocation.options, call.services.presets).text('to');
    await call.reply.say(given === undefined ? describe(call) : await choose(given, call));
  },
};

function describe({ t, services }: CommandCall): string {
  return t('commands.language.now', { language: nameOfLanguage(t.locale), known: list(services.languages) });
}

async function choose(given: string, { invocation, t, services }: CommandCall): Promise<string> {
  const { members, languages, translate } = services;
  if (given.toLowerCase() === AUTO) {
    await members.chooseLanguage(invocation.member, undefined);
    return t('commands.language.auto');
  }
  const chosen = findLanguage(given, languages);
  await members.chooseLanguage(invocation.member, chosen);
  return translate(chosen)('commands.language.chosen', { language: nameOfLanguage(chosen) });
}

/**
 * The language a member means by its tag or by its own name, whatever the case.
 * @throws LikenessError `language-unknown`
 */
export function findLanguage(given: string, languages: readonly string[]): string {
  const wanted = given.trim().toLowerCase();
  const found = languages.find((tag) => [tag, nameOfLanguage(tag)].some((name) => name.toLowerCase() === wanted));
  if (found === undefined) throw new LikenessError('language-unknown', { given, known: list(languages) });
  return found;
}

function list(languages: readonly string[]): string {
  return languages.map((tag) => `${tag} (${nameOfLanguage(tag)})`).join(', ');
}
