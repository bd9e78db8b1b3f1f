import { loadManifest } from '../../pipeline/index.js';
import { loadConfig } from '../config.js';
import type { TextKey } from '../language/texts.js';
import type { CliContext } from './services.js';

/** Options of `likeness styles`, as given. */
export interface StylesOptions {
  readonly json?: boolean;
}

/** Groups of a model's vocabulary that a prompt is made of, in the order they are listed. */
const GROUPS = [
  'styles',
  'expressions',
  'mouths',
  'sides',
  'heights',
  'tilts',
  'framings',
  'accessories',
  'backdrops',
  'lights',
] as const satisfies readonly (TextKey extends infer Key
  ? Key extends `cli.styles.${infer Name}`
    ? Name
    : never
  : never)[];

/** Lists what the model can do, by the words that ask for it. */
export async function runStyles({ json = false }: StylesOptions, context: CliContext): Promise<void> {
  const { vocabulary } = await loadManifest(loadConfig(context).bundle);
  const lists = GROUPS.flatMap((group) => {
    const words = Object.values(vocabulary[group] ?? {}).flatMap(([preferred]) => preferred ?? []);
    return words.length > 0 ? [{ group, words }] : [];
  });
  const { stdout, t } = context;
  if (json) {
    const object = Object.fromEntries(lists.map(({ group, words }) => [group, words]));
    return void stdout.write(`${JSON.stringify(object, undefined, 2)}\n`);
  }
  for (const { group, words } of lists) stdout.write(`${t(`cli.styles.${group}`, { words: words.join(', ') })}\n`);
}
