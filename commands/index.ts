import type { Command } from './command.js';
import { help } from './help.js';
import { portrait } from './portrait.js';
import { privacy } from './privacy.js';
import { queue } from './queue.js';
import { styles } from './styles.js';

/** Every command, in the order they are offered. */
export const commands: readonly Command[] = [portrait, styles, queue, privacy, help];

/** The command that words without a slash are for. */
export const defaultCommand = portrait;
