import { element, iconButton } from './dom.js';
import { text } from './texts.js';

/** @typedef {import('../../../chat/form.js').OptionForm} OptionForm */

/** The sheet of presets over the composer, drawn from the definition of the command words without a slash are for. */
export class OptionSheet {
  /** @type {Map<string, string>} */
  #chosen = new Map();
  #options;
  #onChange;
  /** @type {HTMLElement | undefined} */
  #opener;
  #sheet = element('div', {
    class: 'sheet-panel',
    id: 'options',
    role: 'group',
    'aria-label': text('options'),
    hidden: true,
  });
  #chips = element('ul', { class: 'tray-chips' });

  /** @param {{ options: readonly OptionForm[], onChange: () => void }} given */
  constructor({ options, onChange }) {
    this.#options = options.filter(({ main }) => !main);
    this.#onChange = onChange;
    this.#draw();
  }

  get element() {
    return this.#sheet;
  }

  get chips() {
    return this.#chips;
  }

  get empty() {
    return this.#chosen.size === 0;
  }

  /** What is chosen, as the end of a line. */
  get words() {
    return [...this.#chosen].map(([name, value]) => `${name}:${value}`).join(' ');
  }

  toggle(open = this.#sheet.hidden) {
    this.#sheet.hidden = !open;
    this.#opener?.setAttribute('aria-expanded', String(open));
  }

  /**
   * Names the button that opens the sheet. Escape, or a press outside the composer, closes it.
   * @param {HTMLElement} opener
   */
  belongTo(opener) {
    this.#opener = opener;
    opener.setAttribute('aria-controls', this.#sheet.id);
    this.toggle(false);
    addEventListener('keydown', ({ key }) => key === 'Escape' && this.toggle(false));
    addEventListener('pointerdown', ({ target }) => {
      if (target instanceof Node && !opener.closest('form')?.contains(target)) this.toggle(false);
    });
  }

  /** Forgets what belongs to one message only; how many portraits and how close stays. */
  reset() {
    for (const { name, type } of this.#options) {
      if (type !== 'integer' || name === 'seed') this.#chosen.delete(name);
    }
    this.#changed();
  }

  /**
   * @param {string} name
   * @param {string | undefined} value
   */
  #set(name, value) {
    if (value === undefined || value === '') this.#chosen.delete(name);
    else this.#chosen.set(name, value);
    this.#changed();
  }

  #changed() {
    this.#draw();
    this.#onChange();
  }

  #draw() {
    const focused = document.activeElement?.id;
    this.#sheet.replaceChildren(
      ...this.#options.map((option) => (option.type === 'integer' ? this.#number(option) : this.#choices(option))),
    );
    this.#chips.replaceChildren(...[...this.#chosen].map(([name, value]) => this.#chip(name, value)));
    if (focused?.startsWith('option-')) document.getElementById(focused)?.focus();
  }

  /** @param {OptionForm} option */
  #choices({ name, type, choices }) {
    const buttons = choices.map((choice, index) => {
      const pressed = this.#chosen.get(name) === choice;
      const onclick = () => this.#set(name, pressed ? undefined : choice);
      return element(
        'button',
        { type: 'button', id: `option-${name}-${index}`, class: 'choice', 'aria-pressed': String(pressed), onclick },
        type === 'switch' ? text('yes') : choice,
      );
    });
    const label = element('h3', {}, text(`option-${name}`));
    return element(
      'div',
      { class: 'option', role: 'group', 'aria-label': text(`option-${name}`) },
      label,
      element('div', { class: 'choices' }, ...buttons),
    );
  }

  /** @param {OptionForm} option */
  #number({ name, min = 0, max = 100, default: usual }) {
    const ranged = usual !== undefined;
    const value = this.#chosen.get(name) ?? usual;
    const input = element('input', {
      id: `option-${name}`,
      type: ranged ? 'range' : 'number',
      min,
      max,
      value,
      placeholder: text('random'),
    });
    const output = element('output', { for: `option-${name}` }, ranged ? String(value) : '');
    input.addEventListener('input', () => (output.textContent = ranged ? input.value : ''));
    input.addEventListener('change', () => this.#set(name, input.value === String(usual) ? undefined : input.value));
    const label = element('label', { for: `option-${name}` }, text(`option-${name}`), ' ', output);
    return element('div', { class: 'option number' }, label, input);
  }

  /**
   * @param {string} name
   * @param {string} value
   */
  #chip(name, value) {
    const label = text('remove-option', { name: text(`option-${name}`) });
    const remove = iconButton({ icon: 'close', label, class: 'remove', onclick: () => this.#set(name, undefined) });
    return element('li', { class: 'chip' }, `${text(`option-${name}`)} `, element('b', {}, value), remove);
  }
}
