import type { InlineKeyboardMarkup, Message } from 'telegraf/types';
import type { OptionValues } from '../../chat/invocation.js';
import type { Member } from '../../chat/member.js';
import { nameIn, type Preset, type Presets } from '../../chat/presets.js';
import { ASKED_KINDS, type AskedKind } from '../../chat/prompt-kinds.js';
import type { Translate } from '../../language/texts.js';
import type { TelegramAddress } from './address.js';
import { inRows, type Keyboards, type KeyView } from './keyboards.js';
import type { PictureBook } from './picture-book.js';
import type { ReplyParts } from './reply.js';

/** What is chosen so far for a photo without words; it is kept in the buttons themselves. */
export interface PickerChoice {
  readonly screen: 'main' | 'go' | AskedKind['from'];
  /** Places in the lists of presets, counted from 1; missing or 0 for none. */
  readonly places: Readonly<Partial<Record<AskedKind['option'], number>>>;
}

/** The choice a photo begins with. */
const NOTHING_CHOSEN: PickerChoice = { screen: 'main', places: {} };

/** Their places are in buttons that were sent before: new ones come last, as they do in `ASKED_KINDS`. */
const [styles, expressions, ...later] = ASKED_KINDS.map(({ from }) => from);
const screens = ['main', styles, expressions, 'go', ...later] as const;
const COLUMNS = 3;
const MAIN_COLUMNS = 2;

/** Writes a choice into a button's subject. */
function packChoice({ screen, places }: PickerChoice): string {
  return [screens.indexOf(screen), ...ASKED_KINDS.map(({ option }) => places[option] ?? 0)].join('.');
}

/** Reads a button's subject. */
export function unpackChoice(subject: string): PickerChoice {
  const [screen = 0, ...places] = subject.split('.').map(Number);
  return {
    screen: screens[screen] ?? 'main',
    places: Object.fromEntries(ASKED_KINDS.map(({ option }, index) => [option, places[index] ?? 0])),
  };
}

/** The options a choice means. */
export function optionsOf(choice: PickerChoice, presets: Presets): OptionValues {
  const options: Record<string, string> = {};
  for (const one of ASKED_KINDS) {
    const preset = chosenOf(one, choice, presets);
    if (preset) options[one.option] = preset.name;
  }
  return options;
}

function chosenOf({ option, from }: AskedKind, { places }: PickerChoice, presets: Presets): Preset | undefined {
  return presets[from][(places[option] ?? 0) - 1];
}

interface PickerParts {
  readonly presets: Presets;
  readonly keyboards: Keyboards;
  readonly owner: Member;
  readonly t: Translate;
}

/** What the message says and offers, and the list of presets that its picture shows. */
interface PickerView {
  readonly text: string;
  readonly keyboard: InlineKeyboardMarkup;
  readonly shows: AskedKind['from'];
}

/** The message that asks for style, expression and what else the model knows, at one choice. */
function renderPicker(choice: PickerChoice, { presets, keyboards, owner, t }: PickerParts): PickerView {
  const key = (label: string, changes: Partial<PickerChoice>): KeyView => ({
    label,
    button: { action: 'choose', subject: packChoice({ ...choice, ...changes }) },
  });
  const named = (preset: Preset | undefined): string => (preset ? nameIn(t.locale, preset) : t('telegram.any'));
  const place = (option: AskedKind['option'], number: number): Partial<PickerChoice> => ({
    screen: 'main',
    places: { ...choice.places, [option]: number },
  });
  const known = ASKED_KINDS.filter(({ from }) => presets[from].length > 0);
  const said = known.map((one) => ({
    screen: one.from,
    label: t(`telegram.${one.option}`, { [one.option]: named(chosenOf(one, choice, presets)) }),
  }));
  const open = known.find(({ from }) => from === choice.screen);
  const rows = open
    ? [
        ...inRows(
          presets[open.from].map((preset, index) => key(named(preset), place(open.option, index + 1))),
          COLUMNS,
        ),
        [key(t('telegram.any'), place(open.option, 0))],
      ]
    : [
        ...inRows(
          said.map(({ label, screen }) => key(label, { screen })),
          MAIN_COLUMNS,
        ),
        [key(t('telegram.go'), { screen: 'go' })],
      ];
  return {
    text: [t('telegram.choose'), ...said.map(({ label }) => label)].join('\n'),
    keyboard: keyboards.rows(choice.screen === 'go' ? [] : rows, owner),
    shows: open?.from ?? 'styles',
  };
}

/** What a picker is shown with. */
export interface ShownPickerParts extends Pick<ReplyParts, 'sender' | 'pace' | 'keyboards'> {
  readonly presets: Presets;
  readonly book: PictureBook;
}

/** Who is asked, and in which language. */
export interface AskedMember {
  readonly owner: Member;
  readonly t: Translate;
}

/** Asks, under pictures of the styles, what to make of the photo at an address. */
export async function showPicker(
  to: TelegramAddress,
  { owner, t }: AskedMember,
  parts: ShownPickerParts,
): Promise<void> {
  const { sender, pace, book, presets, keyboards } = parts;
  const { shows, ...view } = renderPicker(NOTHING_CHOSEN, { presets, keyboards, owner, t });
  const picture = await book.sheet(shows, t);
  await pace.take({ chat: to.chat }, async () => {
    if (!picture) return void (await sender.text(to, { ...view, answers: to.photo }));
    const draft = { ...view, text: underPicture(view.text, t), picture, answers: to.photo };
    book.keep(picture, await sender.picture(to, draft));
  });
}

/** Shows a picker at another choice, and the pictures that belong to it. */
export async function changePicker(
  message: Message,
  { choice, to }: { readonly choice: PickerChoice; readonly to: TelegramAddress },
  { owner, t, ...parts }: AskedMember & ShownPickerParts,
): Promise<void> {
  const { sender, pace, book, presets, keyboards } = parts;
  const { shows, ...view } = renderPicker(choice, { presets, keyboards, owner, t });
  const id = String(message.message_id);
  const photos = 'photo' in message ? message.photo : undefined;
  if (!photos) return void (await pace.take({ chat: to.chat }, () => sender.edit(to, id, view)));
  const sheet = await book.sheet(shows, t);
  const picture = photos.some(({ file_id: shown }) => shown === sheet?.media) ? undefined : sheet;
  await pace.take({ chat: to.chat }, async () => {
    const sent = await sender.editPicture(to, id, { ...view, text: underPicture(view.text, t), picture });
    if (picture && sent) book.keep(picture, sent);
  });
}

function underPicture(text: string, t: Translate): string {
  return `${text}\n\n${t('commands.styles.samples')}`;
}
