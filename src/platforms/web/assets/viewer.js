import { describeSimilarity } from './album.js';
import { element, icon, iconButton } from './dom.js';
import { text } from './texts.js';

/** @typedef {import('../conversation.js').PictureView} PictureView */

/**
 * What is said of the pictures, and what can be done with them.
 * @typedef {object} Viewing
 * @property {(picture: PictureView) => string} [captionOf] how alike it is, unless set
 * @property {boolean} [keep] whether they can be downloaded, copied and shared; they can, unless set
 * @property {File | undefined} [photo] the photo they were made of, to compare with
 * @property {(line: string) => void} [onMore] asks for more like a picture
 * @property {(address: string) => void} [onRemove] deletes a picture
 */

/** Pixels a finger must travel sideways to turn the page. */
const SWIPE = 48;

/**
 * One album at full size, over everything else: arrow keys, buttons and swipes turn the pages; Escape, and going back in
 * the browser, close it.
 */
export class Viewer {
  /** @type {readonly PictureView[]} */
  #pictures = [];
  #index = 0;
  /** @type {(picture: PictureView) => string} */
  #captionOf = () => '';
  #image = element('img', { class: 'viewer-picture' });
  #photo = element('img', { class: 'viewer-picture', alt: '', hidden: true });
  #caption = element('p', { class: 'viewer-caption', 'aria-live': 'polite' });
  #download = element('a', { class: 'pill', download: true }, icon('download'), text('download'));
  #share = iconButton({ icon: 'share', label: text('share'), class: 'pill', onclick: () => void this.#send() });
  #copy = iconButton({ icon: 'copy', label: text('copy'), class: 'pill', onclick: () => void this.#toClipboard() });
  #more = iconButton({
    icon: 'dice',
    label: text('more-like'),
    class: 'pill strong',
    onclick: () => this.#askForMore(),
    labelled: true,
  });
  #avatar = element('a', { class: 'pill', download: true }, icon('avatar'), text('avatar'));
  #remove = iconButton({
    icon: 'clear',
    label: text('delete'),
    class: 'pill',
    onclick: () => this.#delete(),
    labelled: true,
  });
  /** @type {Pick<Viewing, 'onMore' | 'onRemove'>} */
  #callbacks = {};
  #compare = element('button', { type: 'button', class: 'pill compare' }, icon('compare'), text('compare'));
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
    const head = element(
      'div',
      { class: 'viewer-head' },
      this.#caption,
      this.#share,
      this.#copy,
      this.#download,
      close,
    );
    this.#stage = element(
      'div',
      { class: 'viewer-stage', tabindex: -1 },
      this.#previous,
      this.#image,
      this.#photo,
      this.#next,
    );
    const foot = element('div', { class: 'viewer-foot' }, this.#more, this.#avatar, this.#remove, this.#compare);
    this.#dialog = element('dialog', { class: 'viewer', 'aria-label': text('viewer') }, head, this.#stage, foot);
    this.#dialog.addEventListener('keydown', (event) => this.#onKey(event));
    this.#dialog.addEventListener('close', () => this.#leave());
    addEventListener('popstate', () => this.#dialog.open && history.state?.viewer !== true && this.#dialog.close());
    this.#stage.addEventListener('click', ({ target }) => target === this.#stage && this.#dialog.close());
    this.#followSwipes(this.#stage);
    this.#followHolding();
    document.body.append(this.#dialog);
  }

  /**
   * @param {readonly PictureView[]} pictures
   * @param {number} index
   * @param {Viewing} [viewing]
   */
  open(pictures, index, viewing = {}) {
    const { captionOf = ({ similarity }) => describeSimilarity(similarity), keep = true, photo } = viewing;
    this.#pictures = pictures;
    this.#callbacks = viewing;
    this.#captionOf = captionOf;
    this.#download.hidden = !keep;
    this.#share.hidden = !keep || !('share' in navigator && 'canShare' in navigator);
    // Browsers give pages on plain http in a network no clipboard.
    this.#copy.hidden = !keep || !('clipboard' in navigator) || !('ClipboardItem' in window);
    this.#compare.hidden = photo === undefined;
    if (photo) this.#photo.src = URL.createObjectURL(photo);
    this.#show(index);
    this.#dialog.showModal();
    history.pushState({ viewer: true }, '');
    // Not on a button, which would draw a ring round it: the keys work from anywhere in the dialog.
    this.#stage.focus();
  }

  /** Takes back what opening added to the history, unless going back is what closed it. */
  #leave() {
    URL.revokeObjectURL(this.#photo.src);
    this.#photo.removeAttribute('src');
    this.#hold(false);
    if (history.state?.viewer === true) history.back();
  }

  /** @param {number} index */
  #show(index) {
    const picture = this.#pictures[index];
    if (!picture) return;
    this.#index = index;
    this.#image.src = picture.file;
    this.#image.alt = picture.description;
    this.#download.href = picture.file;
    const { own } = picture;
    this.#more.hidden = !own || !this.#callbacks.onMore;
    this.#remove.hidden = !own || !this.#callbacks.onRemove;
    this.#avatar.hidden = !own;
    if (own) this.#avatar.href = own.avatar;
    const place = text('viewer-place', { number: index + 1, count: this.#pictures.length });
    this.#caption.textContent = [place, this.#captionOf(picture)].filter((part) => part !== '').join(' · ');
    this.#previous.disabled = index === 0;
    this.#next.disabled = index === this.#pictures.length - 1;
  }

  #askForMore() {
    const { own } = this.#pictures[this.#index] ?? {};
    this.#dialog.close();
    if (own) this.#callbacks.onMore?.(own.line);
  }

  /** Deletes the shown picture and shows the next; after the last there is nothing to show. */
  #delete() {
    const { own } = this.#pictures[this.#index] ?? {};
    if (!own || !confirm(text('delete-picture-question'))) return;
    this.#callbacks.onRemove?.(own.remove);
    this.#pictures = this.#pictures.filter((_, index) => index !== this.#index);
    if (this.#pictures.length === 0) return this.#dialog.close();
    this.#show(Math.min(this.#index, this.#pictures.length - 1));
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

  /** The photo takes the portrait's place as long as the button is held, by a finger, the mouse or a key. */
  #followHolding() {
    const hold = () => this.#hold(true);
    const release = () => this.#hold(false);
    this.#compare.addEventListener('pointerdown', hold);
    for (const end of ['pointerup', 'pointerleave', 'pointercancel', 'blur', 'keyup'])
      this.#compare.addEventListener(end, release);
    this.#compare.addEventListener('keydown', ({ key }) => [' ', 'Enter'].includes(key) && hold());
    this.#compare.addEventListener('contextmenu', (event) => event.preventDefault());
  }

  /** @param {boolean} held */
  #hold(held) {
    this.#photo.hidden = !held;
    this.#image.hidden = held;
  }

  /** The shown picture as a file. */
  async #file() {
    const { name = 'portrait', file = '' } = this.#pictures[this.#index] ?? {};
    const response = await fetch(file);
    if (!response.ok) throw new Error(`${file}: ${response.status}`);
    const bytes = await response.blob();
    return new File([bytes], `${name}.${bytes.type === 'image/png' ? 'png' : 'jpg'}`, { type: bytes.type });
  }

  async #send() {
    const file = await this.#file();
    // Who closes the sheet of the system without choosing has not failed.
    if (navigator.canShare({ files: [file] })) await navigator.share({ files: [file] }).catch(() => undefined);
  }

  async #toClipboard() {
    try {
      // Safari lets only the press itself begin it: what is copied may come later.
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': this.#file() })]);
      this.#caption.textContent = text('copied');
    } catch {
      this.#caption.textContent = text('not-copied');
    }
  }
}
