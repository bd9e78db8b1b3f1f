import { splitLine } from '../../../chat/grammar.js';
import { renderAlbum } from './album.js';
import { element, iconButton } from './dom.js';
import { grammarOf } from './line.js';
import { thumbnail } from './photos.js';
import { text } from './texts.js';

/** @typedef {import('../conversation.js').Message} Message */
/** @typedef {Extract<Message, { kind: 'member' }>} MemberMessage */
/** @typedef {Extract<Message, { kind: 'status' }>} StatusMessage */
/** @typedef {Extract<Message, { kind: 'notice' }>} NoticeMessage */
/** @typedef {Extract<Message, { kind: 'text' }>} TextMessage */
/**
 * @typedef {object} Surroundings
 * @property {import('./server.js').Setup} setup
 * @property {import('./album.js').AlbumActions} album
 * @property {(jobId: string) => void} cancel
 * @property {(pictures: readonly import('../conversation.js').PictureView[], index: number) => void} show opens pictures that are no album
 * @property {(line: string) => void} say sends a line as it is
 * @property {(line: string) => void} write begins a line in the composer
 * @property {(key: string) => void} agree gives consent and sends the message it was asked for again
 * @property {() => void} decline takes the question for consent back
 * @property {(key: string) => readonly File[]} photosOf the photos of a message, empty after a reload
 */

/** The list of messages, kept equal to the server's conversation. */
export class MessageList {
  #list;
  #scroller;
  #surroundings;
  #onCount;
  /** @type {Map<string, HTMLLIElement>} */
  #items = new Map();

  /** @param {{ list: HTMLElement, scroller: HTMLElement, surroundings: Surroundings, onCount: (count: number) => void }} options */
  constructor({ list, scroller, surroundings, onCount }) {
    this.#list = list;
    this.#scroller = scroller;
    this.#surroundings = surroundings;
    this.#onCount = onCount;
    // Pictures and the keyboard change heights after the fact; a reader at the end stays there.
    new ResizeObserver(() => this.#atEnd && this.#scrollToEnd()).observe(list);
    new ResizeObserver(() => this.#atEnd && this.#scrollToEnd()).observe(scroller);
    scroller.addEventListener('scroll', () => (this.#atEnd = this.#nearEnd()), { passive: true });
  }

  #atEnd = true;

  /** @param {import('../conversation.js').ConversationEvent} event */
  apply(event) {
    if (event.type === 'changed') return;
    const { scrollTop } = this.#scroller;
    if (event.type === 'all') {
      this.#list.replaceChildren();
      this.#items.clear();
      for (const message of event.messages) this.#put(message);
    } else if (event.type === 'put') this.#put(event.message);
    else {
      this.#items.get(event.id)?.remove();
      this.#items.delete(event.id);
    }
    this.#onCount(this.#items.size);
    if (this.#atEnd) this.#scrollToEnd();
    else this.#scroller.scrollTop = scrollTop;
  }

  /** @param {Message} message */
  #put(message) {
    const known = this.#items.get(message.id);
    if (known && message.kind === 'status') return updateStatus(known, message);
    const side = message.kind === 'member' ? 'mine' : 'theirs';
    const item = element(
      'li',
      { class: `message ${side} ${message.kind}` },
      renderMessage(message, this.#surroundings),
    );
    if (known) known.replaceWith(item);
    else this.#list.append(item);
    this.#items.set(message.id, item);
    if (message.kind === 'member') this.#atEnd = true;
  }

  #nearEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight < 80;
  }

  #scrollToEnd() {
    // The greeting is read from its beginning.
    if (this.#items.size === 0) return;
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }
}

/**
 * @param {Message} message
 * @param {Surroundings} surroundings
 * @returns {HTMLElement}
 */
function renderMessage(message, surroundings) {
  switch (message.kind) {
    case 'member':
      return renderMember(message, surroundings);
    case 'typing':
      return element(
        'div',
        { class: 'bubble dots', 'aria-label': text('typing') },
        element('i'),
        element('i'),
        element('i'),
      );
    case 'status':
      return renderStatus(message, surroundings);
    case 'album':
      return renderAlbum(message, surroundings.album);
    case 'consent': {
      const agree = element(
        'button',
        { type: 'button', class: 'pill strong', onclick: () => surroundings.agree(message.key) },
        text('agree'),
      );
      const decline = element(
        'button',
        { type: 'button', class: 'pill', onclick: () => surroundings.decline() },
        text('decline'),
      );
      return element(
        'div',
        { class: 'bubble' },
        element('p', {}, message.text),
        element('div', { class: 'actions' }, agree, decline),
      );
    }
    case 'text':
      return renderText(message, surroundings);
    case 'notice':
      return renderNotice(message, surroundings);
    default:
      return element('div', { class: 'bubble' }, element('p', {}, message.text));
  }
}

/**
 * @param {TextMessage} message
 * @param {Surroundings} surroundings
 */
function renderText({ text: words, points, pictures = [], begin, buttons = [] }, { say, write, show }) {
  const shown = pictures.map(({ preview, description }, index) =>
    element(
      'button',
      { type: 'button', class: 'shown', onclick: () => show(pictures, index) },
      element('img', { src: preview, alt: description }),
    ),
  );
  /**
   * @param {string} label
   * @param {() => void} onclick
   */
  const pill = (label, onclick, danger = false) =>
    element('button', { type: 'button', class: danger ? 'pill danger' : 'pill', onclick }, label);
  const pills = [
    ...buttons.map(({ label, line, danger }) => pill(label, () => say(line), danger)),
    ...(begin ? [pill(begin.label, () => write(begin.line))] : []),
  ];
  const actions = pills.length > 0 && element('div', { class: 'actions' }, ...pills);
  const said = points
    ? points.map((point) => element('p', {}, element('b', {}, point.head), point.text))
    : [element('p', {}, words)];
  return element('div', { class: 'bubble' }, ...said, ...shown, actions);
}

/**
 * @param {NoticeMessage} message
 * @param {Surroundings} surroundings
 */
function renderNotice({ key, text: sentence, offer }, { album }) {
  const words = element('p', {}, sentence);
  if (!offer) return element('div', { class: 'bubble' }, words);
  const { action, line } = offer;
  const onclick = () => album.again(key, line);
  const accept = element('button', { type: 'button', class: 'pill', onclick }, text(action));
  return element('div', { class: 'bubble' }, words, element('div', { class: 'actions' }, accept));
}

/**
 * @param {MemberMessage} message
 * @param {Surroundings} surroundings
 */
function renderMember({ key, text: line, photos }, { setup, photosOf }) {
  const files = photosOf(key);
  const { slash, command, words, named } = splitLine(line, grammarOf(setup.commands), setup.fallback);
  const name = slash !== undefined && command?.name !== setup.fallback ? `/${slash} ` : '';
  const chips = named.map((option) =>
    element('span', { class: 'chip' }, `${option.name} `, element('b', {}, option.value)),
  );
  return element(
    'div',
    { class: 'bubble' },
    photos > 0 && renderPhotos(files, photos),
    name + words !== '' && element('p', {}, command ? name + words : line),
    chips.length > 0 && element('p', { class: 'chips' }, ...chips),
  );
}

/**
 * @param {readonly File[]} files
 * @param {number} count
 */
function renderPhotos(files, count) {
  if (files.length === 0)
    return element('p', { class: 'note' }, text(count === 1 ? 'photo-gone' : 'photos-gone', { count }));
  return element('div', { class: 'sent-photos' }, ...files.map(thumbnail));
}

/**
 * @param {StatusMessage} message
 * @param {Surroundings} surroundings
 */
function renderStatus(message, { cancel }) {
  const { jobId } = message;
  const stop = iconButton({
    icon: 'close',
    label: text('cancel'),
    class: 'pill',
    onclick: () => cancel(jobId),
    labelled: true,
  });
  const bar = element('progress', { max: 1, 'aria-label': text('progress') });
  const bubble = element(
    'div',
    { class: 'bubble' },
    element('p', { class: 'stage' }),
    bar,
    element('div', { class: 'actions' }, stop),
  );
  updateStatus(bubble, message);
  return bubble;
}

/**
 * Changes what is different, so that the Cancel button keeps its focus.
 * @param {HTMLElement} item
 * @param {StatusMessage} message
 */
function updateStatus(item, { text: sentence, progress, cancellable }) {
  const stage = item.querySelector('.stage');
  if (stage && stage.textContent !== sentence) stage.textContent = sentence;
  const bar = item.querySelector('progress');
  if (bar) {
    bar.hidden = progress === undefined;
    bar.value = progress ?? 0;
  }
  const stop = item.querySelector('button');
  if (stop) stop.hidden = !cancellable;
}
