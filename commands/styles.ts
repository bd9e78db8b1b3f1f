import { nameIn, type Preset } from '../src/chat/presets.js';
import { SAMPLED_KINDS } from '../src/chat/samples.js';
import type { Command } from './command.js';

/** Shows every preset the loaded model knows, by name and, where there are samples, in pictures. */
export const styles: Command = {
  name: 'styles',
  description: 'commands.styles.description',
  options: [],
  async run({ reply, t, services: { presets, samples } }) {
    const named = (preset: Preset): string => nameIn(t.locale, preset);
    const lists = SAMPLED_KINDS.filter((kind) => presets[kind].length > 0).map((kind) => {
      const labels = new Map(presets[kind].map((preset) => [preset.name, named(preset)]));
      return { kind, labels, text: t(`commands.styles.${kind}`, { list: [...labels.values()].join(', ') }) };
    });
    const pictures = [];
    for (const { kind, labels, text } of lists) {
      const sheets = await samples.sheets(kind, (name) => labels.get(name) ?? name);
      for (const [index, bytes] of sheets.entries()) {
        const name = `${kind}-${index + 1}.jpg`;
        pictures.push({ name, type: 'image/jpeg' as const, bytes, description: text });
      }
    }
    const texts = lists.map(({ text }) => text);
    const hint = t('commands.styles.hint');
    if (pictures.length === 0) return reply.say([...texts, hint].join('\n\n'));
    await reply.show([...texts, t('commands.styles.samples'), hint].join('\n\n'), pictures);
  },
};
