import { element, icon, iconButton } from './dom.js';
import { text } from './texts.js';

/** @typedef {Extract<import('../conversation.js').Message, { kind: 'album' }>} AlbumMessage */
/** @typedef {import('../conversation.js').PictureView} PictureView */
/**
 * @typedef {object} AlbumActions
 * @property {(key: string, pictures: readonly PictureView[], index: number) => void} open
 * @property {(key: string, line: string) => void} again sends a line with the photos of an earlier message
 * @property {(key: string, line: string) => void} change lets the member write another line for these photos
 * @property {(id: string) => void} remove deletes an album
 */

/**
 * @param {AlbumMessage} message
 * @param {AlbumActions} actions
 */
export function renderAlbum(message, actions) {
  const { key, caption, notes, pictures, seed, expired } = message;
  const grid = element('ul', { class: 'grid', 'data-count': pictures.length });
  grid.append(...pictures.map((picture, index) => renderTile(picture, () => actions.open(key, pictures, index))));
  return element(
    'div',
    { class: 'bubble' },
    pictures.length > 0 && grid,
    element('p', { class: 'caption' }, caption),
    ...notes.map((note) => element('p', { class: 'note' }, note)),
    seed !== undefined && element('p', { class: 'note seed' }, `${text('option-seed')} ${seed}`),
    expired && element('p', { class: 'note' }, text('album-expired')),
    renderActions(message, grid, actions),
  );
}

/**
 * @param {PictureView} picture
 * @param {() => void} open
 */
function renderTile({ description, preview, file, similarity }, open) {
  const image = element('img', { src: preview, alt: description, width: 512, height: 512, loading: 'lazy' });
  const score = element('span', { class: 'score' }, describeSimilarity(similarity));
  const save = element(
    'a',
    { class: 'save', href: file, download: true, 'aria-label': text('download'), title: text('download') },
    icon('download'),
  );
  return element('li', {}, element('button', { type: 'button', class: 'tile', onclick: open }, image), score, save);
}

/**
 * @param {AlbumMessage} message
 * @param {HTMLElement} grid
 * @param {AlbumActions} actions
 */
function renderActions({ id, key, line, zip, pictures }, grid, actions) {
  /** @param {Event} event */
  const toggleScores = (event) => {
    const shown = grid.classList.toggle('with-scores');
    if (event.currentTarget instanceof HTMLElement) event.currentTarget.setAttribute('aria-pressed', String(shown));
  };
  const measure = iconButton({
    icon: 'measure',
    label: text('show-similarity'),
    class: 'pill',
    onclick: toggleScores,
    labelled: true,
  });
  measure.setAttribute('aria-pressed', 'false');
  return element(
    'div',
    { class: 'actions' },
    iconButton({
      icon: 'dice',
      label: text('more'),
      class: 'pill strong',
      onclick: () => actions.again(key, line),
      labelled: true,
    }),
    iconButton({
      icon: 'change',
      label: text('change'),
      class: 'pill',
      onclick: () => actions.change(key, line),
      labelled: true,
    }),
    pictures.length > 0 &&
      element('a', { class: 'pill', href: zip, download: true }, icon('download'), text('download-all')),
    pictures.length > 0 && measure,
    iconButton({
      icon: 'clear',
      label: text('delete'),
      class: 'pill',
      onclick: () => actions.remove(id),
      labelled: true,
    }),
  );
}

/**
 * From which cosine a likeness has which name: two photos of one person reach .6 on average, those of strangers 0; below
 * .1 a picture is nearer to strangers.
 */
const likenesses = /** @type {const} */ ([
  [0.6, 'alike-very'],
  [0.35, 'alike'],
  [0.1, 'alike-somewhat'],
]);

/**
 * The measured likeness, as a number and in words.
 * @param {number | undefined} similarity
 */
export function describeSimilarity(similarity) {
  if (similarity === undefined) return text('no-face');
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 2, numberingSystem: 'latn' };
  const number = new Intl.NumberFormat(document.documentElement.lang, digits).format(similarity);
  const [, name] = likenesses.find(([least]) => similarity >= least) ?? [0, 'alike-hardly'];
  return `${text('similarity', { similarity: number })} · ${text(name)}`;
}
