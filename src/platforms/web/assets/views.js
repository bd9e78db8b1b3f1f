import { element } from './dom.js';
import { text } from './texts.js';

/**
 * One of the things the page can show.
 * @typedef {object} View
 * @property {string} hash the end of its address, `#` included; empty for the first
 * @property {string} label
 * @property {readonly HTMLElement[]} parts hidden while another view is shown; the first scrolls
 * @property {() => void} [onShow]
 */

/** Shows one view at a time, the one the address names, and links to all of them. */
export class Views {
  #views;
  #links;
  /** @type {View | undefined} */
  #shown;
  /** How far each view was scrolled when it was left. @type {Map<View, number>} */
  #scrolled = new Map();

  /** @param {{ nav: HTMLElement, views: readonly View[] }} options the first view is shown for an unknown address */
  constructor({ nav, views }) {
    this.#views = views;
    this.#links = views.map(({ hash, label }) => element('a', { href: hash === '' ? '#' : hash }, label));
    nav.setAttribute('aria-label', text('views'));
    nav.append(...this.#links);
  }

  /** Shows what the address names, now and whenever it changes. */
  start() {
    addEventListener('hashchange', () => this.#follow(true));
    this.#follow(false);
  }

  /** @param {boolean} moveFocus so that the new view is read, and the keys work in it */
  #follow(moveFocus) {
    const view = this.#views.find(({ hash }) => hash === location.hash) ?? this.#views[0];
    if (!view || view === this.#shown) return;
    if (this.#shown) this.#scrolled.set(this.#shown, this.#shown.parts[0]?.scrollTop ?? 0);
    this.#shown = view;
    for (const { parts } of this.#views) for (const part of parts) part.hidden = !view.parts.includes(part);
    this.#links.forEach((link, index) => {
      if (this.#views[index] === view) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    });
    document.title = view.hash === '' ? 'Likeness' : `${view.label} · Likeness`;
    const [scroller] = view.parts;
    if (scroller) scroller.scrollTop = this.#scrolled.get(view) ?? 0;
    if (moveFocus) scroller?.focus();
    view.onShow?.();
  }
}
