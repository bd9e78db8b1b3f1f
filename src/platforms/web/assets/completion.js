import { element } from './dom.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/form.js').CommandForm} CommandForm */
/** @typedef {import('../../../chat/form.js').OptionForm} OptionForm */
/**
 * A completion: what replaces the characters from `from` to the caret, and how it is shown.
 * @typedef {object} Suggestion
 * @property {number} from
 * @property {string} insert
 * @property {string} label
 * @property {string} description
 * @property {boolean} [optional] the line can be sent without it, so that Enter sends
 */

/**
 * What can stand at the caret: a command after `/`, an option of the command, or one of an option's choices.
 * @param {string} typed the line up to the caret
 * @param {readonly CommandForm[]} commands
 * @param {string} fallback
 * @returns {Suggestion[]}
 */
export function suggest(typed, commands, fallback) {
  const slash = /^\/([\w-]*)$/.exec(typed);
  if (slash) return suggestCommands(slash[1] ?? '', commands);
  const named = /^\/([\w-]+)(?:@\S+)?\s/.exec(typed);
  const command = commands.find(({ name }) => name === (named?.[1] ?? fallback).toLowerCase());
  if (!command) return [];
  const option = openOption(typed, command);
  if (option) return suggestChoices(option.option, option.value, typed.length - option.value.length);
  const word = /(?:^|\s)(\w*)$/.exec(typed)?.[1] ?? '';
  return named && (word !== '' || /^\/[\w-]+(?:@\S+)?\s$/.test(typed)) ? suggestOptions(typed, command, word) : [];
}

/**
 * @param {string} start
 * @param {readonly CommandForm[]} commands
 * @returns {Suggestion[]}
 */
function suggestCommands(start, commands) {
  return commands
    .filter(({ name }) => name.startsWith(start.toLowerCase()))
    .map(({ name, description }) => ({ from: 0, insert: `/${name} `, label: `/${name}`, description }));
}

/**
 * The option whose value is being typed.
 * @param {string} typed
 * @param {CommandForm} command
 */
function openOption(typed, command) {
  const names = command.options.map(({ name }) => name).join('|') || '(?!)';
  const match = new RegExp(`^[^]*(?:^|\\s)(${names}):([^:]*)$`, 'i').exec(typed);
  const option = command.options.find(({ name }) => name === match?.[1]?.toLowerCase());
  return option && { option, value: match?.[2] ?? '' };
}

/**
 * @param {OptionForm} option
 * @param {string} value
 * @param {number} from
 * @returns {Suggestion[]}
 */
function suggestChoices({ choices, description }, value, from) {
  const start = value.trimStart().toLowerCase();
  const fitting = choices.filter((choice) => choice.toLowerCase().startsWith(start) && choice.toLowerCase() !== start);
  return fitting.map((choice) => ({ from, insert: `${choice} `, label: choice, description }));
}

/**
 * @param {string} typed
 * @param {CommandForm} command
 * @param {string} word
 * @returns {Suggestion[]}
 */
function suggestOptions(typed, command, word) {
  return command.options
    .filter(
      ({ name, main }) => !main && name.startsWith(word.toLowerCase()) && !new RegExp(`\\s${name}:`, 'i').test(typed),
    )
    .map(({ name, description }) => ({
      from: typed.length - word.length,
      insert: `${name}:`,
      label: `${name}:`,
      description,
      optional: true,
    }));
}

/** The popup over the composer that offers completions of the line in a text field. */
export class Completion {
  /** @type {Suggestion[]} */
  #suggestions = [];
  #chosen = 0;
  /** Whether one was chosen by the arrow keys. */
  #moved = false;
  #field;
  #suggest;
  #list = element('ul', {
    id: 'completion',
    class: 'completion',
    tabindex: '0',
    role: 'listbox',
    'aria-label': text('completion'),
    hidden: true,
  });

  /** @param {{ field: HTMLTextAreaElement, suggest: (typed: string) => Suggestion[] }} options */
  constructor({ field, suggest: find }) {
    this.#field = field;
    this.#suggest = find;
    field.setAttribute('aria-controls', 'completion');
    field.addEventListener('blur', () => this.close());
  }

  get element() {
    return this.#list;
  }

  refresh() {
    const { value, selectionStart, selectionEnd } = this.#field;
    this.#suggestions = selectionStart === selectionEnd ? this.#suggest(value.slice(0, selectionStart)) : [];
    this.#choose(0);
  }

  close() {
    this.#suggestions = [];
    this.#choose(0);
  }

  /**
   * Takes the keys that belong to an open popup.
   * @param {KeyboardEvent} event
   * @returns {boolean} whether the key was used
   */
  takeKey({ key, shiftKey }) {
    const { length } = this.#suggestions;
    if (length === 0 || shiftKey) return false;
    if (key === 'ArrowDown' || key === 'ArrowUp') {
      this.#choose((this.#chosen + (key === 'ArrowDown' ? 1 : length - 1)) % length);
      this.#moved = true;
    } else if (key === 'Escape') this.close();
    else if (key === 'Tab' || (key === 'Enter' && this.#enterAccepts)) this.#accept(this.#chosen);
    else return false;
    return true;
  }

  /** Whether Enter takes the chosen suggestion: not where the line is one that can be sent as it is. */
  get #enterAccepts() {
    return !this.#complete && (this.#moved || !this.#suggestions[this.#chosen]?.optional);
  }

  /** Whether the line already says what the chosen suggestion would make of it. */
  get #complete() {
    const suggestion = this.#suggestions[this.#chosen];
    return suggestion !== undefined && this.#field.value.slice(suggestion.from) === suggestion.insert.trim();
  }

  /** @param {number} index */
  #accept(index) {
    const suggestion = this.#suggestions[index];
    if (!suggestion) return;
    this.#field.setRangeText(suggestion.insert, suggestion.from, this.#field.selectionStart, 'end');
    this.#field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  /** @param {number} index */
  #choose(index) {
    this.#chosen = index;
    this.#moved = false;
    this.#list.replaceChildren(...this.#suggestions.map((suggestion, place) => this.#item(suggestion, place)));
    this.#list.hidden = this.#suggestions.length === 0;
    this.#list.children[index]?.scrollIntoView({ block: 'nearest' });
    if (this.#list.hidden) this.#field.removeAttribute('aria-activedescendant');
    else this.#field.setAttribute('aria-activedescendant', `completion-${index}`);
  }

  /**
   * @param {Suggestion} suggestion
   * @param {number} place
   */
  #item({ label, description }, place) {
    const selected = place === this.#chosen;
    const item = element(
      'li',
      { id: `completion-${place}`, role: 'option', 'aria-selected': String(selected) },
      element('b', {}, label),
      element('span', {}, description),
    );
    // The field must keep the focus, or the popup would close before the click arrives.
    item.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      this.#accept(place);
    });
    return item;
  }
}
