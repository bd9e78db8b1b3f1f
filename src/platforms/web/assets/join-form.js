import { element } from './dom.js';
import { thumbnail } from './photos.js';
import { acceptedPhotos, readablePhoto } from './readable-photo.js';
import { text } from './texts.js';

/** What is agreed to, a photo, a name, and the button that agrees and enters. A photo that is attached already is used. */
export class JoinForm {
  #terms = element('p');
  #attached = element('div', { class: 'sent-photos' });
  #photo = element('input', {
    type: 'file',
    id: 'join-photo',
    accept: acceptedPhotos(),
    required: true,
  });
  #name;
  #form = element('form', { class: 'join', 'aria-labelledby': 'join-title', autocomplete: 'off', hidden: true });
  #onSend;
  #photos;

  /**
   * @param {object} options
   * @param {import('./server.js').Setup} options.setup
   * @param {() => readonly File[]} options.photos those that are attached
   * @param {(draft: import('./composer.js').Draft) => void} options.onSend called when somebody agreed and takes part
   */
  constructor({ setup, photos, onSend }) {
    this.#onSend = onSend;
    this.#photos = photos;
    const options = setup.commands.find(({ name }) => name === 'event')?.options ?? [];
    const maxlength = options.find(({ name }) => name === 'name')?.maxLength;
    this.#name = element('input', { type: 'text', id: 'join-name', maxlength });
    this.#form.append(
      element('h3', { id: 'join-title' }, text('join')),
      this.#terms,
      element('p', { class: 'lines' }, setup.consent),
      element(
        'div',
        { class: 'field' },
        element('label', { for: 'join-photo' }, text('join-photo')),
        this.#attached,
        this.#photo,
      ),
      element('div', { class: 'field' }, element('label', { for: 'join-name' }, text('join-name')), this.#name),
      element('button', { class: 'pill strong' }, text('join-agree')),
    );
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      void this.#submit();
    });
  }

  get element() {
    return this.#form;
  }

  /** @param {import('../../../chat/host.js').EventView | undefined} event the event to be entered; none hides the form */
  offer(event) {
    this.#form.hidden = event === undefined;
    const [photo] = this.#photos();
    this.#attached.replaceChildren(...(photo ? [thumbnail(photo)] : []));
    this.#photo.required = photo === undefined;
    const terms = event ? text('join-terms', { title: event.title }) : '';
    if (this.#terms.textContent !== terms) this.#terms.textContent = terms;
  }

  async #submit() {
    const [chosen = this.#photos()[0]] = this.#photo.files ?? [];
    const name = this.#name.value.trim();
    if (!chosen) return;
    const photo = await readablePhoto(chosen);
    this.#onSend({ text: `/event join agree:yes${name === '' ? '' : ` name:${name}`}`, photos: [photo] });
  }
}
