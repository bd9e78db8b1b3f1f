import { createHash } from 'node:crypto';
import {
  ButtonStyle,
  ComponentType,
  type APIActionRowComponent,
  type APIButtonComponentWithCustomId,
  type APIStringSelectComponent,
  type RawFile,
} from 'discord.js';
import type { CommandDefinition } from '../../chat/command-definition.js';
import { formatLine } from '../../chat/parse.js';
import { gapOf, type AnswerPoint } from '../../chat/point.js';
import type { AlbumMessage, LineButton, Offer, StatusView } from '../../chat/reply.js';
import type { Translate } from '../../language/texts.js';
import type { SizedPicture } from '../../media/size-ladder.js';
import type { ButtonAction, Buttons } from '../buttons.js';
import { plainText } from './markdown.js';

/** Longest content of a message and longest text of an embed, in characters. */
const MAX_CONTENT = 2000;
const MAX_EMBED = 4096;
/** Longest description of a picture. */
const MAX_DESCRIPTION = 1024;
/** Buttons side by side. */
const PER_ROW = 5;
const BAR = 12;

/** The colours by which kinds of answers are told apart. */
export const colours = { refusal: 0xd9_53_4f, consent: 0x4f_86_d9, status: 0x8a_63_d2, end: 0x80_80_80 } as const;

/** A message as Discord's REST interface takes it, and its files: always bytes, never paths or addresses. */
export interface DiscordMessage {
  readonly body: Readonly<Record<string, unknown>>;
  readonly files: readonly (RawFile & { readonly data: Buffer })[];
}

type AlbumAction = 'more' | 'change' | 'publish' | 'files' | 'delete';

/** How the buttons of an album look that do not look like the others. */
const styles: Partial<Record<AlbumAction, APIButtonComponentWithCustomId['style']>> = {
  more: ButtonStyle.Primary,
  delete: ButtonStyle.Danger,
};

/** Signs a button of one owner. */
export type SignButton = (action: ButtonAction, subject: string) => string;

/** Words, of which none format anything, and perhaps buttons below them. */
export function textMessage(text: string, buttons: readonly APIButtonComponentWithCustomId[] = []): DiscordMessage {
  return message({ content: cut(plainText(text), MAX_CONTENT), components: inRows(buttons) });
}

/** Points, whose heads alone are formatted, and perhaps buttons below them. */
export function pointsMessage(
  points: readonly AnswerPoint[],
  buttons: readonly APIButtonComponentWithCustomId[] = [],
): DiscordMessage {
  const lines = points.map((point) => `**${plainText(point.head)}**${gapOf(point)}${plainText(point.text)}`);
  return message({ content: cut(lines.join('\n'), MAX_CONTENT), components: inRows(buttons) });
}

/** The button that says a line. */
export function lineButton({ label, line, danger }: LineButton, sign: SignButton): APIButtonComponentWithCustomId {
  return button(label, sign('say', line), danger ? ButtonStyle.Danger : ButtonStyle.Secondary);
}

/** Words above pictures, and perhaps buttons below them. */
export function picturesMessage(
  text: string,
  pictures: readonly SizedPicture[],
  buttons: readonly APIButtonComponentWithCustomId[] = [],
): DiscordMessage {
  return withFiles(textMessage(text, buttons).body, pictures);
}

/** Words on a coloured ground. */
export function colouredMessage(kind: Exclude<keyof typeof colours, 'status'>, text: string): DiscordMessage {
  return message({ embeds: [{ description: cut(plainText(text), MAX_EMBED), color: colours[kind] }] });
}

/** The question for consent, with the button that opens the form. */
export function consentMessage(text: string, t: Translate, token: string): DiscordMessage {
  const { body, files } = colouredMessage('consent', text);
  return { body: { ...body, components: row([button(t('discord.agree'), token, ButtonStyle.Primary)]) }, files };
}

/** The state of a job, with Cancel while that is possible. */
export function statusMessage(view: StatusView, t: Translate, sign: SignButton): DiscordMessage {
  const { text, progress, cancellable, jobId } = view;
  const bar = progress === undefined ? {} : { footer: { text: drawBar(progress) } };
  const cancel = button(t('discord.cancel'), sign('cancel', jobId), ButtonStyle.Secondary);
  return message({
    embeds: [{ description: cut(plainText(text), MAX_EMBED), color: colours.status, ...bar }],
    components: cancellable ? row([cancel]) : [],
  });
}

/** The end of a job without an album; an offer stands in it as the line it means, above its button. */
export function endMessage(
  text: string,
  {
    offer,
    button: pressable,
    command,
  }: { readonly offer: Offer; readonly button: APIButtonComponentWithCustomId; readonly command: CommandDefinition },
): DiscordMessage {
  const line = fence(formatLine(command, offer.options));
  const words = `${cut(plainText(text), MAX_CONTENT - line.length)}${line}`;
  return message({ embeds: [{ description: words, color: colours.end }], components: row([pressable]) });
}

/** What the message of an album is written with. */
export interface AlbumContext {
  readonly t: Translate;
  readonly sign: SignButton;
  /** The command albums come from, to write the line that makes this album again. */
  readonly command: CommandDefinition;
  /** Chooses one picture of it. */
  readonly menu: APIStringSelectComponent;
  /** Whether there is somebody it could be published to. */
  readonly publishable: boolean;
  /** The interaction it was asked for by, whose photos are known a while. */
  readonly interaction: string;
  /** For the others who see it. */
  readonly report?: APIButtonComponentWithCustomId;
}

/** The album, its line, which More and Change read, and its buttons. */
export function albumMessage(
  album: AlbumMessage,
  pictures: readonly SizedPicture[],
  { t, sign, command, menu, publishable, interaction, report }: AlbumContext,
): DiscordMessage {
  const line = fence(formatLine(command, album.options));
  const words = [album.caption, ...album.notes].join('\n');
  const labelled = (action: AlbumAction): APIButtonComponentWithCustomId =>
    button(
      t(`discord.${action}`),
      sign(action, action === 'more' ? interaction : album.jobId),
      styles[action] ?? ButtonStyle.Secondary,
    );
  const publish: readonly AlbumAction[] = publishable ? ['publish'] : [];
  const actions: readonly AlbumAction[] = ['more', 'change', ...publish, 'files', 'delete'];
  const { body } = message({ content: `${cut(plainText(words), MAX_CONTENT - line.length)}${line}` });
  const components = [...row([...actions.map(labelled), ...(report ? [report] : [])]), ...row([menu])];
  return withFiles({ ...body, components }, pictures);
}

/** Reports the portraits of an owner to the moderators; for everyone but the owner. */
export function reportButton(owner: string, buttons: Buttons, t: Translate): APIButtonComponentWithCustomId {
  return button(t('discord.report'), buttons.signForAll({ action: 'report', owner, subject: '' }));
}

/** A message with pictures. */
function withFiles(body: DiscordMessage['body'], pictures: readonly SizedPicture[]): DiscordMessage {
  return {
    body: {
      ...body,
      attachments: pictures.map(({ name, description }, id) => ({
        id,
        filename: name,
        description: cut(description, MAX_DESCRIPTION),
      })),
    },
    files: pictures.map(({ name, type, bytes }) => ({ name, data: Buffer.from(bytes), contentType: type })),
  };
}

/** The line that stands in a message: what made its album, or what its offer means. */
export function readLine({ content, embeds }: ShownWords): string {
  const words = content === '' ? (embeds[0]?.description ?? '') : content;
  return /```\n([^`]*)\n```$/.exec(words)?.[1] ?? '';
}

/** The part of a message that holds words. */
interface ShownWords {
  readonly content: string;
  readonly embeds: readonly { readonly description: string | null }[];
}

/** What Discord recognises a message by that is sent a second time: at most 25 characters. */
export function nonceOf(jobId: string): string {
  return createHash('sha256').update(jobId).digest('base64url').slice(0, 24);
}

/** One button. */
export function button(
  label: string,
  token: string,
  style: APIButtonComponentWithCustomId['style'] = ButtonStyle.Secondary,
): APIButtonComponentWithCustomId {
  return { type: ComponentType.Button, style, label, custom_id: token };
}

/** Buttons side by side, or one menu, as the components of a message. */
export function row(components: readonly RowComponent[]): APIActionRowComponent<RowComponent>[] {
  return [{ type: ComponentType.ActionRow, components: [...components] }];
}

/** As many buttons side by side as Discord takes. */
function inRows(buttons: readonly APIButtonComponentWithCustomId[]): APIActionRowComponent<RowComponent>[] {
  const starts = Array.from({ length: Math.ceil(buttons.length / PER_ROW) }, (_, index) => index * PER_ROW);
  return starts.flatMap((start) => row(buttons.slice(start, start + PER_ROW)));
}

type RowComponent = APIButtonComponentWithCustomId | APIStringSelectComponent;

/** A message that replaces all of what stood there, and that calls nobody. */
function message(body: DiscordMessage['body']): DiscordMessage {
  const empty = { content: '', embeds: [], components: [], attachments: [], allowed_mentions: { parse: [] } };
  return { body: { ...empty, ...body }, files: [] };
}

/** Shortens by whole characters, so that no emoji is torn. */
function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (kept.length + segment.length + 1 > limit) break;
    kept += segment;
  }
  return `${kept}…`;
}

function fence(line: string): string {
  return `\n\`\`\`\n${line.replaceAll('`', '’').replaceAll(/\s+/g, ' ')}\n\`\`\``;
}

function drawBar(progress: number): string {
  const done = Math.round(progress * BAR);
  return `${'▰'.repeat(done)}${'▱'.repeat(BAR - done)} ${Math.round(progress * 100)} %`;
}
