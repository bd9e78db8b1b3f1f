import { Camera } from './camera.js';
import { chooserRow } from './chooser.js';
import { Completion, suggest } from './completion.js';
import { element, icon, iconButton } from './dom.js';
import { takesPhotos } from './line.js';
import { OptionSheet } from './options.js';
import { PhotoTray } from './photos.js';
import { acceptedPhotos } from './readable-photo.js';
import { text } from './texts.js';
import { UnknownWords } from './unknown-words.js';

/**
 * Where a message is written: photos, options, words, and the button that sends them.
 * @typedef {{ text: string, photos: readonly File[] }} Draft
 */
export class Composer {
  #field = element('textarea', {
    id: 'message',
    rows: 1,
    'aria-label': text('message'),
    placeholder: text('placeholder'),
    'aria-autocomplete': 'list',
    enterkeyhint: 'send',
  });
  #problem = element('p', { class: 'problem', role: 'alert', hidden: true });
  #send = element('button', { class: 'round strong', 'aria-label': text('send'), title: text('send') }, icon('send'));
  #picker = element('input', {
    type: 'file',
    id: 'picker',
    accept: acceptedPhotos(),
    multiple: true,
    hidden: true,
    'aria-label': text('attach'),
  });
  #tray;
  #sheet;
  #completion;
  #unknown;
  #onSend;
  #takesPhotos;
  #choices;
  /** Whether the tiles stand here: the greeting has some of its own. */
  #offered = false;
  /** What was chosen before there was a photo. @type {string | undefined} */
  #awaiting;
  /** What the tiles show and do. @type {import('./chooser.js').ChooserOptions} */
  chooser;

  /**
   * @param {object} options
   * @param {HTMLElement} options.form
   * @param {import('./server.js').Setup} options.setup
   * @param {(draft: Draft) => void} options.onSend
   * @param {(photos: readonly File[]) => void} options.onPhotos called when other photos are attached
   */
  constructor({ form, setup, onSend, onPhotos }) {
    this.#onSend = onSend;
    const { commands, fallback, maxPhotoBytes: maxBytes } = setup;
    const onChange = () => this.#refresh();
    this.#takesPhotos = (/** @type {string} */ line) => takesPhotos(line, commands, fallback);
    const onTray = () => {
      onPhotos(this.photos);
      this.#refresh();
      if (this.photos.length > 0) this.#sendAwaiting();
    };
    const options = commands.find(({ name }) => name === fallback)?.options ?? [];
    this.#tray = new PhotoTray({ maxBytes, onChange: onTray, onProblem: (sentence) => this.#showProblem(sentence) });
    this.#sheet = new OptionSheet({ options, onChange });
    const option = options.find(({ type }) => type === 'preset');
    const pictures = setup.pictures[option?.name ?? ''] ?? {};
    this.chooser = { option, pictures, onPick: (choice) => this.#pick(`${option?.name}:${choice}`) };
    this.#choices = chooserRow(this.chooser);
    this.#completion = new Completion({ field: this.#field, suggest: (typed) => suggest(typed, commands, fallback) });
    this.#unknown = new UnknownWords({ field: this.#field, commands, fallback });
    this.#build(form);
    this.#listen(form);
    this.#refresh();
  }

  focus() {
    this.#field.focus();
  }

  /** The attached photos. */
  get photos() {
    return this.#tray.files;
  }

  /** @param {readonly File[]} photos */
  attach(photos) {
    this.#tray.replace(photos);
  }

  /** @param {boolean} offered whether the tiles stand above the field once there is a photo */
  offerChoices(offered) {
    this.#offered = offered;
    this.#refresh();
  }

  choosePhotos() {
    this.#picker.click();
  }

  /**
   * Puts words into the field for the member to change or send.
   * @param {string} words
   * @param {string} [hint]
   */
  fill(words, hint) {
    this.#field.value = words;
    this.#refresh();
    this.#field.focus();
    if (hint) this.#showProblem(hint);
  }

  /** @param {string} sentence */
  complain(sentence) {
    this.#showProblem(sentence);
  }

  /** @param {HTMLElement} form */
  #build(form) {
    const camera = new Camera({ onPhoto: (photo) => void this.#tray.add([photo]) });
    const options = iconButton({
      icon: 'options',
      label: text('options'),
      short: text('option-style'),
      class: 'round named',
      onclick: () => this.#sheet.toggle(),
    });
    this.#sheet.belongTo(options);
    const tray = element('div', { class: 'tray' }, this.#tray.element, this.#sheet.chips);
    const row = element(
      'div',
      { class: 'row' },
      iconButton({ icon: 'attach', label: text('attach'), onclick: () => this.choosePhotos() }),
      iconButton({ icon: 'camera', label: text('camera'), onclick: () => void camera.open() }),
      options,
      element('div', { class: 'field' }, this.#unknown.marks, this.#field),
      this.#send,
    );
    const { element: completion } = this.#completion;
    form.append(completion, this.#sheet.element, this.#problem, tray, row, this.#unknown.hint, this.#picker);
    this.#tray.element.after(this.#choices);
  }

  /** @param {HTMLElement} form */
  #listen(form) {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#picker.addEventListener('change', () => {
      void this.#tray.add([...(this.#picker.files ?? [])]);
      this.#picker.value = '';
      this.#field.focus();
    });
    this.#field.addEventListener('input', () => {
      this.#refresh();
      this.#completion.refresh();
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.isComposing) return;
      const used = this.#completion.takeKey(event);
      const sends = !used && event.key === 'Enter' && !event.shiftKey;
      if (sends) this.#submit();
      if (used || sends) event.preventDefault();
    });
  }

  #submit() {
    const words = [this.#field.value.trim(), this.#sheet.words].filter((part) => part !== '').join(' ');
    const command = words.startsWith('/');
    const photos = this.#tray.files;
    if (words === '' && photos.length === 0) return;
    if (words === '') return this.#showProblem(text('choose'));
    this.#completion.close();
    this.#onSend({
      text: command ? this.#field.value.trim() : words,
      photos: this.#takesPhotos(words) ? photos : [],
    });
    this.#field.value = '';
    this.#sheet.toggle(false);
    this.#sheet.reset();
    this.#refresh();
  }

  /**
   * Sends what was chosen with the words there are; without a photo it asks for one first.
   * @param {string} chosen
   */
  #pick(chosen) {
    this.#awaiting = chosen;
    if (this.photos.length === 0) this.choosePhotos();
    else this.#sendAwaiting();
  }

  #sendAwaiting() {
    if (this.#awaiting === undefined) return;
    const words = this.#field.value.trim();
    this.#field.value = words.startsWith('/') ? this.#awaiting : `${words} ${this.#awaiting}`.trim();
    this.#awaiting = undefined;
    this.#submit();
  }

  #refresh() {
    this.#problem.hidden = true;
    this.#choices.hidden = !this.#offered || this.photos.length === 0 || this.#field.value.startsWith('/');
    this.#send.disabled = this.#field.value.trim() === '' && this.#sheet.empty && this.#tray.files.length === 0;
    this.#field.style.height = 'auto';
    if (this.#field.value !== '') this.#field.style.height = `${Math.min(this.#field.scrollHeight, 180)}px`;
    this.#unknown.refresh();
  }

  /** @param {string} sentence */
  #showProblem(sentence) {
    // The change that caused the problem refreshes, and so hides, right after.
    queueMicrotask(() => {
      this.#problem.textContent = sentence;
      this.#problem.hidden = false;
    });
  }
}
