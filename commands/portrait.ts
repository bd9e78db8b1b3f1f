import type { OptionValues } from '../src/chat/invocation.js';
import { type Options, readOptions } from '../src/chat/options.js';
import { canBeTaken } from '../src/chat/photo-files.js';
import { findPreset, nameIn, type PresetKind, type Presets } from '../src/chat/presets.js';
import { KINDS_IN_PROMPT, PROMPT_KINDS, type PromptKind } from '../src/chat/prompt-kinds.js';
import { LikenessError } from '../src/errors.js';
import type { Translate } from '../src/language/texts.js';
import { checkAllowed } from './admission.js';
import { DEFAULT_STRENGTH, MAX_PROMPT, randomSeed, submitAlbum } from './album.js';
import type { Command, CommandCall } from './command.js';
import { checkPhotoCount, keepPhotos, PHOTOS } from './photos.js';

/** Portraits in an album unless said otherwise. */
const DEFAULT_COUNT = 4;
const MAX_SEED = 2 ** 32 - 1;

/** Photos of one person and a few words in, an album of new portraits out. */
export const portrait: Command = {
  name: 'portrait',
  description: 'commands.portrait.description',
  photos: PHOTOS,
  options: [
    { type: 'text', name: 'prompt', description: 'commands.portrait.prompt', maxLength: MAX_PROMPT, main: true },
    ...PROMPT_KINDS.map(({ option, from }) => presetOption(option, from)),
    integer('count', { min: 1, max: 10, default: DEFAULT_COUNT, error: 'count-out-of-range' }),
    integer('strength', { min: 0, max: 100, default: DEFAULT_STRENGTH, error: 'strength-out-of-range' }),
    integer('seed', { min: 0, max: MAX_SEED, error: 'seed-invalid' }),
    presetOption('class', 'classWords'),
    { type: 'switch', name: 'largest', description: 'commands.portrait.largest' },
    { type: 'switch', name: 'public', description: 'commands.portrait.public', publishes: true },
  ],
  async run({ invocation, reply, t, services }) {
    const options = readOptions(portrait, invocation.options, services.presets);
    checkPhotoCount(invocation.attachments);
    // Said so, an album is for its member alone or for nobody; unsaid, it goes where the platform's answers go.
    if (options.choice('public') === false && !reply.whispers) throw new LikenessError('private-impossible');
    const words = options.text('prompt')?.trim();
    const understood = words && services.glossary.understand(words, t.locale);
    const prompt = composePrompt(understood, options, services.presets);
    // What is to be made of files that are no photos need not be said.
    const usable = canBeTaken(invocation.attachments, PHOTOS);
    if (prompt === '') throw new LikenessError(usable ? 'prompt-empty' : 'not-an-image');
    checkUnderstood({ words, prompt }, t, services);
    if (await services.members.hasOptedOut(invocation.member)) throw new LikenessError('opted-out');
    const said = [words, prompt, options.text('class')].filter((part) => part !== undefined).join(', ');
    await checkAllowed({ invocation, services }, { count: options.integer('count') ?? DEFAULT_COUNT, said });
    if (!(await services.members.hasConsented(invocation.member))) return reply.askConsent(t('consent.ask'));
    if (!(await reply.canDeliver())) throw new LikenessError('place-closed');
    const files = await keepPhotos(invocation, services);
    await submit({ invocation, reply, t, services }, { options, prompt, files });
  },
};

type IntegerName = 'count' | 'strength' | 'seed';
type IntegerLimits = Omit<Extract<Command['options'][number], { type: 'integer' }>, 'type' | 'name' | 'description'>;

function integer(name: IntegerName, limits: IntegerLimits): Command['options'][number] {
  return { type: 'integer', name, description: `commands.portrait.${name}`, ...limits };
}

function presetOption(name: PromptKind['option'] | 'class', from: PresetKind): Command['options'][number] {
  return { type: 'preset', name, description: `commands.portrait.${name}`, from };
}

/** The member's words, in those the model knows, and the words of the chosen presets, as one prompt. */
function composePrompt(words: string | undefined, options: Options, presets: Presets): string {
  const chosen = KINDS_IN_PROMPT.map(({ option, from }) => findPreset(presets[from], options.text(option) ?? ''));
  const parts = [words, ...chosen.map((preset) => preset?.words)];
  const prompt = parts.filter((part) => part !== undefined && part !== '').join(', ');
  if (prompt.length > MAX_PROMPT) {
    throw new LikenessError('prompt-too-long', { given: prompt.length, limit: MAX_PROMPT });
  }
  return prompt;
}

/** Portraits that have nothing of what was asked for are not made; nor are those of a wish that was mistyped. */
function checkUnderstood(
  { words = '', prompt }: { readonly words?: string | undefined; readonly prompt: string },
  t: Translate,
  { glossary, presets }: CommandCall['services'],
): void {
  if (words === '') return;
  const { means, unknown, near } = glossary.check(prompt);
  if (unknown.length === 0) return;
  const named = unknown.map((word) => `“${word}”`).join(', ');
  if (near !== undefined) throw new LikenessError('words-mistyped', { words: named, near });
  const known = [...presets.expressions, ...presets.styles.slice(0, SHOWN_STYLES)];
  const list = known.map((preset) => nameIn(t.locale, preset)).join(', ');
  if (!means) throw new LikenessError('words-unknown', { words: named, known: list });
}

/** Styles that are named where none of the words is known. */
const SHOWN_STYLES = 8;

interface Draft {
  readonly options: Options;
  readonly prompt: string;
  readonly files: Awaited<ReturnType<typeof keepPhotos>>;
}

async function submit({ invocation, services, t }: CommandCall, { options, prompt, files }: Draft): Promise<void> {
  const { key, member, place, address } = invocation;
  const classWord = options.text('class');
  const count = options.integer('count') ?? DEFAULT_COUNT;
  const strength = options.integer('strength') ?? DEFAULT_STRENGTH;
  const seed = options.integer('seed') ?? randomSeed();
  const parameters = {
    prompt,
    count,
    strength,
    seed,
    ...(classWord !== undefined && { classWord }),
    ...(options.switch('largest') && { largestFace: true }),
  };
  const again: OptionValues = { ...invocation.options, count, strength, seed };
  const draft = { key, member, place, address, locale: t.locale, ...files, parameters, options: again };
  await submitAlbum(draft, { invocation, services });
}
