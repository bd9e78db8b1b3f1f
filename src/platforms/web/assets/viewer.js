import { describeSimilarity } from './album.js';
import { element, iconButton } from './dom.js';
import { text } from './texts.js';

/** @typedef {import('../conversation.js').PictureView} PictureView */

/**
 * What is said of the pictures.
 * @typedef {object} Captions
 * @property {(picture: PictureView) => string} [captionOf] how alike it is, unless set
 * @property {boolean} [keep] whether they can be downloaded; they can, unless set
 */

/** Pixels a finger must travel sideways to turn the page. */
const SWIPE = 48;

/** One album at full size, over everything else: arrow keys, buttons and swipes turn the pages, Escape closes. */
export class Viewer {
  /** @type {readonly PictureView[]} */
  #pictures = [];
  #index = 0;
  /** @type {(picture: PictureView) => string} */
  #captionOf = () => '';
  #image = element('img', { class: 'viewer-picture' });
  #caption = element('p', { class: 'viewer-caption', 'aria-live': 'polite' });
  #download = element('a', { class: 'pill', download: true }, text('download'));
  #previous = iconButton({
    icon: 'previous',
    label: text('previous'),
    class: 'round turn',
    onclick: () => this.#turn(-1),
  });
  #next = iconButton({ icon: 'next', label: text('next'), class: 'round turn', onclick: () => this.#turn(1) });
  #stage;
  #dialog;

  constructor() {
    const close = iconButton({
      icon: 'close',
      label: text('close'),
      class: 'round',
      onclick: () => this.#dialog.close(),
    });
    const head = element('div', { class: 'viewer-head' }, this.#caption, this.#download, close);
    this.#stage = element('div', { class: 'viewer-stage', tabindex: -1 }, this.#previous, this.#image, this.#next);
    this.#dialog = element('dialog', { class: 'viewer', 'aria-label': text('viewer') }, head, this.#stage);
    this.#dialog.addEventListener('keydown', (event) => this.#onKey(event));
    this.#stage.addEventListener('click', ({ target }) => target === this.#stage && this.#dialog.close());
    this.#followSwipes(this.#stage);
    document.body.append(this.#dialog);
  }

  /**
   * @param {readonly PictureView[]} pictures
   * @param {number} index
   * @param {Captions} [captions]
   */
  open(pictures, index, { captionOf = ({ similarity }) => describeSimilarity(similarity), keep = true } = {}) {
    this.#pictures = pictures;
    this.#captionOf = captionOf;
    this.#download.hidden = !keep;
    this.#show(index);
    this.#dialog.showModal();
    // Not on a button, which would draw a ring round it: the keys work from anywhere in the dialog.
    this.#stage.focus();
  }

  /** @param {number} index */
  #show(index) {
    const picture = this.#pictures[index];
    if (!picture) return;
    this.#index = index;
    this.#image.src = picture.file;
    this.#image.alt = picture.description;
    this.#download.href = picture.file;
    const place = text('viewer-place', { number: index + 1, count: this.#pictures.length });
    this.#caption.textContent = [place, this.#captionOf(picture)].filter((part) => part !== '').join(' · ');
    this.#previous.disabled = index === 0;
    this.#next.disabled = index === this.#pictures.length - 1;
  }

  /** @param {number} by */
  #turn(by) {
    this.#show(this.#index + by);
  }

  /** The way to the right: on, where the page is read from the left. */
  get #forward() {
    return document.documentElement.dir === 'rtl' ? -1 : 1;
  }

  /** @param {KeyboardEvent} event */
  #onKey({ key }) {
    if (key === 'ArrowLeft') this.#turn(-this.#forward);
    if (key === 'ArrowRight') this.#turn(this.#forward);
    if (key === 'Home') this.#show(0);
    if (key === 'End') this.#show(this.#pictures.length - 1);
  }

  /** @param {HTMLElement} stage */
  #followSwipes(stage) {
    /** @type {number | undefined} */
    let start;
    stage.addEventListener('pointerdown', (event) => (start = event.clientX));
    stage.addEventListener('pointerup', (event) => {
      const travelled = start === undefined ? 0 : event.clientX - start;
      start = undefined;
      if (Math.abs(travelled) >= SWIPE) this.#turn(travelled > 0 ? -this.#forward : this.#forward);
    });
    this.#image.draggable = false;
  }
}
