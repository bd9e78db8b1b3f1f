import { nameIn, type Preset } from '../src/chat/presets.js';
import { SAMPLED_KINDS, type SampleSheet } from '../src/chat/samples.js';
import type { Translate } from '../src/language/texts.js';
import type { Command } from './command.js';

/** Shows every preset the loaded model knows, by name and, where there are samples, in pictures. */
export const styles: Command = {
  name: 'styles',
  description: 'commands.styles.description',
  options: [],
  async run({ reply, t, services: { presets, samples } }) {
    const sheets = await samples.sheets();
    const groups = SAMPLED_KINDS.filter((kind) => presets[kind].length > 0).map((kind) => {
      const sheet = sheets.find((candidate) => candidate.kind === kind);
      return t(`commands.styles.${kind}`, { list: listed(namesIn(t.locale, presets[kind]), sheet) });
    });
    const hint = t('commands.styles.hint');
    if (sheets.length === 0) return reply.say([...groups, hint].join('\n\n'));
    const text = [...groups, t('commands.styles.samples'), hint].join('\n\n');
    await reply.show(
      text,
      sheets.map((sheet) => toPicture(sheet, presets[sheet.kind], t)),
    );
  },
};

function namesIn(locale: string, choices: readonly Preset[]): string[] {
  return choices.map((preset) => nameIn(locale, preset));
}

/** Names in one line, or in the rows of their sheet. */
function listed(names: readonly string[], sheet: SampleSheet | undefined): string {
  if (!sheet) return names.join(', ');
  const rows = Array.from({ length: Math.ceil(names.length / sheet.columns) }, (_, row) =>
    names.slice(row * sheet.columns, (row + 1) * sheet.columns).join(' · '),
  );
  return rows.map((row) => `\n${row}`).join('');
}

function toPicture({ kind, jpeg }: SampleSheet, choices: readonly Preset[], t: Translate) {
  const description = t(`commands.styles.${kind}`, { list: listed(namesIn(t.locale, choices), undefined) });
  return { name: `${kind}.jpg`, type: 'image/jpeg' as const, bytes: jpeg, description };
}
