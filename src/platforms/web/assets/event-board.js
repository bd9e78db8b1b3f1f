import { CreateForm } from './create-form.js';
import { element, setText } from './dom.js';
import { JoinForm } from './join-form.js';
import { MessageList } from './messages.js';
import { giveConsent, loadEvent, newKey, reasonOf } from './server.js';
import { keepList, Shared } from './shared.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/host.js').EventView} EventView */
/** @typedef {import('../../../chat/host.js').EntryView} EntryView */
/** @typedef {import('../conversation.js').ConversationEvent} ConversationEvent */
/** @typedef {import('./composer.js').Draft} Draft */

/** Kinds of messages that say how a request fared, without its pictures: the entry itself shows them. */
const ANSWERS = ['text', 'refusal', 'notice', 'consent', 'status'];

const MINUTE = 60_000;
/** Units of time by their lengths in milliseconds, longest first. */
const UNITS = /** @type {const} */ ([
  ['day', 24 * 60 * MINUTE],
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
]);

/**
 * A time of this browser's clock, and how far it is.
 * @param {number} time
 */
function describeEnd(time) {
  const { lang } = document.documentElement;
  const left = Math.max(0, time - Date.now());
  const [unit, length] = UNITS.find(([, long]) => left >= long) ?? ['minute', MINUTE];
  const far = new Intl.RelativeTimeFormat(lang, { numeric: 'always' }).format(Math.round(left / length), unit);
  return `${new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short' }).format(time)} · ${far}`;
}

/** The event as everyone sees it: how it stands, its entries, one's own vote, and the way to take part. */
export class EventBoard {
  #title = element('h2');
  #lines = element('p', { class: 'lines' });
  /** What every entry is drawn in. */
  #theme = element('img', { class: 'theme', width: 96, height: 96, hidden: true });
  #pictures;
  #time = element('p', { class: 'note countdown', hidden: true });
  /** @type {number | undefined} */
  #endsAt;
  #none = element('p', { class: 'note', hidden: true }, text('entries-none'));
  #making = element('p', { class: 'note', role: 'status' });
  #entries = element('ul', { class: 'entries' });
  #join;
  #create;
  #mayCreate;
  #answers;
  #event;
  #onSend;
  #openEntry;
  /** Key of the request whose answers are shown. */
  #key = '';

  /**
   * @param {object} options
   * @param {HTMLElement} options.view
   * @param {import('./messages.js').Surroundings} options.surroundings
   * @param {() => readonly File[]} options.photos those that are attached
   * @param {(draft: Draft, key: string) => Promise<void>} options.onSend
   * @param {(event: EventView, entry: EntryView) => void} options.onOpen
   */
  constructor({ view, surroundings, photos, onSend, onOpen }) {
    this.#onSend = onSend;
    this.#pictures = surroundings.setup.pictures['style'] ?? {};
    this.#openEntry = onOpen;
    this.#join = new JoinForm({ setup: surroundings.setup, photos, onSend: (draft) => void this.#enter(draft) });
    this.#create = new CreateForm({ setup: surroundings.setup, onSend: (draft) => this.#send(draft) });
    this.#mayCreate = surroundings.setup.operator;
    const list = element('ol', { class: 'messages' });
    const log = element('div', { class: 'answers', role: 'log', 'aria-label': text('answer') }, list);
    this.#answers = new MessageList({
      list,
      scroller: list,
      onCount: (count) => log.classList.toggle('empty', count === 0),
      surroundings,
    });
    const form = this.#join.element;
    const column = element('div', { class: 'column' });
    column.append(
      this.#title,
      element('div', { class: 'standing' }, this.#theme, this.#lines),
      this.#time,
      this.#making,
      this.#none,
      this.#entries,
      form,
      this.#create.element,
      log,
    );
    view.append(column);
    setInterval(() => this.#countDown(), MINUTE);
    this.#event = new Shared({ load: loadEvent, show: (event) => this.#show(event), seen: () => !view.hidden });
  }

  refresh() {
    void this.#event.refresh();
  }

  /** @param {ConversationEvent} event */
  apply(event) {
    // A portrait that fails leaves the line, and then its entry is gone.
    if (event.type === 'all' || event.type === 'changed') this.refresh();
    if (event.type === 'all') {
      const messages = event.messages.filter((message) => this.#isAnswer(message));
      this.#answers.apply({ type: 'all', messages });
    } else if (event.type === 'remove' || (event.type === 'put' && this.#isAnswer(event.message))) {
      this.#answers.apply(event);
    }
  }

  /** @param {import('../conversation.js').Message} message */
  #isAnswer({ key, kind }) {
    return key === this.#key && ANSWERS.includes(kind);
  }

  /**
   * The form said what a first portrait asks for too: it is agreed to once.
   * @param {Draft} draft
   */
  async #enter(draft) {
    await giveConsent().then(
      () => this.#send(draft),
      (/** @type {unknown} */ error) => this.#complain(newKey(), error),
    );
  }

  /** @param {Draft} draft */
  #send(draft) {
    const key = newKey();
    this.#key = key;
    this.#answers.apply({ type: 'all', messages: [] });
    this.#onSend(draft, key).catch((/** @type {unknown} */ error) => this.#complain(key, error));
  }

  /**
   * @param {string} key
   * @param {unknown} error
   */
  #complain(key, error) {
    const kind = /** @type {const} */ ('refusal');
    const message = { id: key, key, at: Date.now(), kind, text: text(reasonOf(error)) };
    this.#answers.apply({ type: 'put', message });
  }

  /** @param {EventView | import('../../../chat/host.js').Refusal} event */
  #show(event) {
    const shown = 'refusal' in event ? undefined : event;
    const lines = 'refusal' in event ? [event.refusal] : event.lines;
    setText(this.#title, shown?.title ?? text('view-events'));
    setText(this.#lines, lines.join('\n'));
    this.#showTheme(shown);
    this.#endsAt = shown?.endsAt;
    this.#countDown();
    this.#none.hidden = shown === undefined || shown.entries.length > 0;
    setText(this.#making, shown?.part === 'making' ? text('join-making') : '');
    this.#create.offer(this.#mayCreate && shown?.open !== true);
    this.#join.offer(shown?.open === true && shown.part === 'none' ? shown : undefined);
    this.#showEntries(shown);
  }

  /** @param {EventView | undefined} event */
  #showTheme(event) {
    const style = event?.style ?? '';
    const address = this.#pictures[style];
    this.#theme.hidden = address === undefined;
    this.#theme.alt = style;
    if (address !== undefined && this.#theme.getAttribute('src') !== address) this.#theme.src = address;
  }

  /** Says how long it is open, by this browser's clock. */
  #countDown() {
    const ends = this.#endsAt;
    this.#time.hidden = ends === undefined;
    if (ends !== undefined) setText(this.#time, describeEnd(ends));
  }

  /** @param {EventView | undefined} event */
  #showEntries(event) {
    if (!event) return this.#entries.replaceChildren();
    keepList(this.#entries, event.entries, {
      keyOf: ({ number }) => `${event.id}/${number}`,
      make: (entry) => this.#renderEntry(event, entry),
      update: (item, entry) => updateEntry(item, entry, event.open),
    });
  }

  /**
   * @param {EventView} event
   * @param {EntryView} entry
   */
  #renderEntry(event, entry) {
    const image = element('img', { src: pictureOf(event, entry), width: 512, height: 512, loading: 'lazy' });
    const open = element('button', { type: 'button', class: 'tile' }, image);
    open.addEventListener('click', () => this.#openEntry(event, { ...entry, label: image.alt }));
    const vote = element('button', { type: 'button', class: 'pill vote' });
    vote.addEventListener('click', () => this.#send({ text: `/event vote number:${entry.number}`, photos: [] }));
    const marks = element('p', { class: 'marks' });
    return element('li', {}, open, element('p', { class: 'label' }), marks, vote);
  }
}

/**
 * @param {HTMLElement} item
 * @param {EntryView} entry
 * @param {boolean} open
 */
function updateEntry(item, { label, own, chosen, winner }, open) {
  const image = item.querySelector('img');
  if (image) image.alt = label;
  const [name, marks] = [item.querySelector('.label'), item.querySelector('.marks')];
  if (name) setText(name, label);
  // A vote outlives the buttons.
  const kept = chosen && !open && text('vote-own');
  const said = [winner && text('entry-winner'), own && text('entry-own'), kept].filter((mark) => mark !== false);
  if (marks) setText(marks, said.join(' · '));
  item.classList.toggle('winner', winner);
  const vote = item.querySelector('.vote');
  if (!(vote instanceof HTMLElement)) return;
  const word = text(chosen ? 'vote-own' : 'vote');
  setText(vote, word);
  vote.setAttribute('aria-label', `${word}: ${label}`);
  vote.classList.toggle('strong', chosen);
  vote.hidden = own || !open;
}

/**
 * The event's id tells the browser that number 1 of another event is another picture.
 * @param {EventView} event
 * @param {EntryView} entry
 */
export function pictureOf({ id }, { number }) {
  return `api/event/${number}.jpg?of=${id}`;
}
