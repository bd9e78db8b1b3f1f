import { renderAlbum } from './album.js';
import { element } from './dom.js';
import { loadHistory, turnHistory } from './server.js';
import { keepList, Shared } from './shared.js';
import { text } from './texts.js';

/** @typedef {import('../history-routes.js').HistoryView} HistoryView */
/** @typedef {import('./album.js').AlbumMessage} AlbumMessage */

/** The albums that this browser keeps on the machine, and the switch for that. */
export class HistoryPanel {
  #switch = element('input', { type: 'checkbox', id: 'keep-albums', onchange: () => void this.#turn() });
  #how = element('p', { class: 'note' });
  #none = element('p', { class: 'note' }, text('albums-none'));
  #albums = element('ul', { class: 'messages past' });
  #actions;
  #history;

  /**
   * @param {object} options
   * @param {HTMLElement} options.view
   * @param {number} options.days
   * @param {import('./album.js').AlbumActions} options.actions
   */
  constructor({ view, days, actions }) {
    this.#actions = actions;
    this.#how.textContent = text('keep-how', { days });
    const label = element('label', { class: 'switch', for: 'keep-albums' }, this.#switch, text('keep-albums'));
    const column = element('div', { class: 'column' }, element('h2', {}, text('view-albums')), label, this.#how);
    column.append(this.#none, this.#albums);
    view.append(column);
    this.#history = new Shared({ load: loadHistory, show: (history) => this.#show(history), seen: () => !view.hidden });
  }

  refresh() {
    void this.#history.refresh();
  }

  /** @param {import('../conversation.js').ConversationEvent} event */
  apply(event) {
    if (event.type === 'all' || (event.type === 'changed' && event.part === 'albums')) this.refresh();
  }

  async #turn() {
    const on = this.#switch.checked;
    const deletes = !on && this.#albums.children.length > 0;
    if (deletes && !confirm(text('keep-off-question'))) this.#switch.checked = true;
    else await turnHistory(on).catch(() => (this.#switch.checked = !on));
    this.refresh();
  }

  /** @param {HistoryView} history */
  #show({ on, albums }) {
    this.#switch.checked = on;
    this.#none.hidden = albums.length > 0 || !on;
    const shown = albums.filter((/** @type {import('../conversation.js').Message} */ album) => album.kind === 'album');
    // A picture that was deleted makes it another.
    keepList(this.#albums, shown, {
      keyOf: ({ id, pictures }) => `${id} ${pictures.map(({ name }) => name).join(' ')}`,
      make: (album) => this.#render(album),
      update: () => undefined,
    });
  }

  /** @param {AlbumMessage} album */
  #render(album) {
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' });
    const time = element('time', { class: 'note', datetime: new Date(album.at).toISOString() }, when.format(album.at));
    return element('li', { class: 'message theirs album' }, time, renderAlbum(album, this.#actions));
  }
}
