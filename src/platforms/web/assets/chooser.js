import { element } from './dom.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/form.js').OptionForm} OptionForm */

/** Tiles shown before somebody wants to see all of them. */
const FIRST = 12;

/**
 * @typedef {object} ChooserOptions
 * @property {OptionForm | undefined} option what is chosen; nothing is shown without one
 * @property {Readonly<Record<string, string>>} pictures addresses by choice; a choice without one is shown by its name alone
 * @property {(choice: string) => void} onPick
 */

/**
 * One tile a choice: its picture over its name.
 * @param {ChooserOptions} options
 */
function renderTiles({ option, pictures, onPick }) {
  return (option?.choices ?? []).map((choice) => {
    const address = pictures[choice];
    const picture = address && element('img', { src: address, alt: '', width: 96, height: 96, loading: 'lazy' });
    const name = element('span', {}, choice);
    return element(
      'li',
      {},
      element(
        'button',
        { type: 'button', class: picture ? 'style-tile' : 'style-tile plain', onclick: () => onPick(choice) },
        picture || false,
        name,
      ),
    );
  });
}

/**
 * A row of tiles to scroll sideways.
 * @param {ChooserOptions} options
 */
export function chooserRow(options) {
  return element('ul', { class: 'choose row-of-tiles', 'aria-label': text('choose') }, ...renderTiles(options));
}

/**
 * A grid of tiles: the first of them, and a button for the rest.
 * @param {ChooserOptions} options
 */
export function chooserGrid(options) {
  const tiles = renderTiles(options);
  const grid = element('ul', { class: 'choose grid-of-tiles', 'aria-label': text('choose') }, ...tiles.slice(0, FIRST));
  if (tiles.length <= FIRST) return element('div', { class: 'chooser' }, grid);
  const showAll = element(
    'button',
    {
      type: 'button',
      class: 'pill',
      onclick() {
        grid.append(...tiles.slice(FIRST));
        showAll.remove();
        tiles[FIRST]?.querySelector('button')?.focus();
      },
    },
    text('all-styles', { count: tiles.length }),
  );
  return element('div', { class: 'chooser' }, grid, showAll);
}
