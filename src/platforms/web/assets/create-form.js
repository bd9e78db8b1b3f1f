import { chooserGrid } from './chooser.js';
import { element } from './dom.js';
import { text } from './texts.js';

/** Begins an event, for whoever may: a title, how long it is open, and the style, whose tile begins it. */
export class CreateForm {
  #form = element('section', { class: 'join', 'aria-labelledby': 'create-title', hidden: true });

  /** @param {{ setup: import('./server.js').Setup, onSend: (draft: import('./composer.js').Draft) => void }} options */
  constructor({ setup, onSend }) {
    const options = setup.commands.find(({ name }) => name === 'event')?.options ?? [];
    const optionOf = (/** @type {string} */ name) => options.find((option) => option.name === name);
    const hours = optionOf('hours');
    const title = element('input', { type: 'text', id: 'event-title', maxlength: optionOf('title')?.maxLength });
    const open = element('input', {
      type: 'number',
      id: 'event-hours',
      min: hours?.min,
      max: hours?.max,
      value: hours?.default,
    });
    const tiles = chooserGrid({
      option: optionOf('style'),
      pictures: setup.pictures['style'] ?? {},
      onPick: (style) =>
        onSend({ text: `/event create ${title.value.trim()} style:${style} hours:${open.value}`, photos: [] }),
    });
    this.#form.append(
      element('h3', { id: 'create-title' }, text('create')),
      element('div', { class: 'field' }, element('label', { for: 'event-title' }, text('create-title')), title),
      element('div', { class: 'field' }, element('label', { for: 'event-hours' }, text('create-hours')), open),
      element('p', {}, text('create-style')),
      tiles,
    );
  }

  get element() {
    return this.#form;
  }

  /** @param {boolean} offered */
  offer(offered) {
    this.#form.hidden = !offered;
  }
}
