import type { Command } from './command.js';
import { event } from './event.js';
import { help } from './help.js';
import { language } from './language.js';
import { moderate } from './moderate.js';
import { portrait } from './portrait.js';
import { privacy } from './privacy.js';
import { queue } from './queue.js';
import { quota } from './quota.js';
import { settings } from './settings.js';
import { styles } from './styles.js';

/** Every command, in the order they are offered. */
export const commands: readonly Command[] = [
  portrait,
  event,
  styles,
  queue,
  quota,
  privacy,
  settings,
  moderate,
  language,
  help,
];

/** The command that words without a slash are for. */
export const defaultCommand = portrait;
