import type { Command } from './command.js';
import type { Preset } from './presets.js';

/** Names every preset the loaded model knows. */
export const styles: Command = {
  name: 'styles',
  description: 'commands.styles.description',
  options: [],
  async run({ reply, t, services: { presets } }) {
    const list = (choices: readonly Preset[]): string => choices.map(({ name }) => name).join(', ');
    const groups = [
      t('commands.styles.styles', { list: list(presets.styles) }),
      t('commands.styles.expressions', { list: list(presets.expressions) }),
      t('commands.styles.angles', { list: list(presets.angles) }),
      t('commands.styles.hint'),
    ];
    await reply.say(groups.join('\n\n'));
  },
};
