import { parseLine } from '../../../chat/grammar.js';
import { element } from './dom.js';
import { grammarOf } from './line.js';
import { checkWords } from './server.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/form.js').CommandForm} CommandForm */
/** @typedef {import('../word-routes.js').UnknownWords} Unknown */

/** Milliseconds without a key until the words are checked. */
const PAUSE = 250;
/** As many are offered as stand in one row on a phone. */
const MOST_OFFERS = 2;
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}'’-]*/gu;

/**
 * Underlines words of a text field that the model does not know, and offers what was meant by mistyped ones. A text field
 * cannot mark its own words: a copy of the text, which nobody sees, lies under it and has the lines.
 */
export class UnknownWords {
  #field;
  #commands;
  #fallback;
  #marks = element('div', { class: 'marks', 'aria-hidden': 'true' });
  #hint = element('div', { class: 'hint', id: 'hint', role: 'status' });
  /** What was asked last, and what is known of it. */
  #asked = '';
  /** @type {Unknown} */
  #found = { unknown: [], slips: [] };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ field: HTMLTextAreaElement, commands: readonly CommandForm[], fallback: string }} options */
  constructor({ field, commands, fallback }) {
    this.#field = field;
    this.#commands = commands;
    this.#fallback = fallback;
    field.setAttribute('aria-describedby', this.#hint.id);
    field.addEventListener('scroll', () => (this.#marks.scrollTop = field.scrollTop));
    field.addEventListener('blur', () => this.#draw());
    document.addEventListener('selectionchange', () => document.activeElement === field && this.#draw());
  }

  /** What lies under the text field. */
  get marks() {
    return this.#marks;
  }

  /** The row that names the words. */
  get hint() {
    return this.#hint;
  }

  /** To be called when the text is another. */
  refresh() {
    this.#draw();
    clearTimeout(this.#timer);
    const words = this.#words();
    if (words !== this.#asked) this.#timer = setTimeout(() => void this.#check(words), PAUSE);
  }

  /** The member's own words in the line. */
  #words() {
    const { command, options } = parseLine(this.#field.value, grammarOf(this.#commands), this.#fallback);
    const main = this.#commands.find(({ name }) => name === this.#fallback)?.options.find((option) => option.main);
    return (command === this.#fallback && main && options[main.name]) || '';
  }

  /** @param {string} words */
  async #check(words) {
    this.#asked = words;
    // Where the server does not answer no word is marked: it says so once the line is sent.
    const found = words === '' ? undefined : await checkWords(words).catch(() => undefined);
    if (this.#asked !== words) return;
    this.#found = found ?? { unknown: [], slips: [] };
    this.#draw();
  }

  /** The text in pieces: words that are not known, and what is between them. The word that is being written is not judged. */
  #pieces() {
    const { value, selectionEnd } = this.#field;
    const writing = document.activeElement === this.#field;
    const unknown = new Set(this.#found.unknown);
    const words = [...value.matchAll(WORD)].filter(
      ({ 0: word, index }) => unknown.has(plainOf(word)) && !(writing && index + word.length === selectionEnd),
    );
    const ends = words.map(({ 0: word, index }) => index + word.length);
    return {
      words: words.map(([word]) => word),
      marked: words.flatMap(({ 0: word, index }, place) => [
        value.slice(ends[place - 1] ?? 0, index),
        element('u', {}, word),
      ]),
      rest: value.slice(ends.at(-1) ?? 0),
    };
  }

  #draw() {
    const { words, marked, rest } = this.#pieces();
    this.#marks.replaceChildren(...marked, rest);
    this.#marks.style.width = `${this.#field.clientWidth}px`;
    this.#marks.scrollTop = this.#field.scrollTop;
    const named = [...new Set(words)].map((word) => `“${word}”`).join(', ');
    const shown = named === '' ? '' : text('words-unknown', { words: named });
    if (this.#hint.dataset['shown'] === shown) return;
    this.#hint.dataset['shown'] = shown;
    this.#hint.replaceChildren(
      ...(shown === '' ? [] : [element('span', {}, shown)]),
      ...this.#offers(new Set(words.map(plainOf))),
    );
  }

  /** @param {ReadonlySet<string>} shown the words that are named */
  #offers(shown) {
    return this.#found.slips
      .filter(({ written }) => shown.has(written.split(/\s/)[0] ?? ''))
      .slice(0, MOST_OFFERS)
      .map(({ written, near }) =>
        element(
          'button',
          { type: 'button', class: 'offer', onclick: () => this.#replace(written, near) },
          text('word-near', { word: near }),
        ),
      );
  }

  /**
   * @param {string} written
   * @param {string} near
   */
  #replace(written, near) {
    const found = placeOf(written, this.#field.value);
    if (!found) return;
    this.#field.focus();
    this.#field.setRangeText(near, found.from, found.to, 'end');
    this.#field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}

/**
 * A word as the server names it.
 * @param {string} word
 */
function plainOf(word) {
  return word.normalize('NFKC').toLowerCase().replaceAll('\u2019', "'");
}

/**
 * Where one word or several stand in a text, whatever the case.
 * @param {string} written
 * @param {string} value
 */
function placeOf(written, value) {
  const words = written.split(/\s+/).map((word) => word.replaceAll(/[^\p{L}\p{N}\p{M}]/gu, '\\$&'));
  const found = new RegExp(`(?<![\\p{L}\\p{N}])${words.join('\\s+')}(?![\\p{L}\\p{N}])`, 'iu').exec(value);
  return found ? { from: found.index, to: found.index + found[0].length } : undefined;
}
