import { byId, element, icon, iconButton } from './dom.js';
import { readablePhoto } from './readable-photo.js';
import { text } from './texts.js';

const LIMIT = 4;

/** @type {WeakMap<File, string>} */
const addresses = new WeakMap();

/**
 * A small picture of a photo the member chose; a plain sheet where the browser cannot show it.
 * @param {File} file
 */
export function thumbnail(file) {
  const address = addresses.get(file) ?? URL.createObjectURL(file);
  addresses.set(file, address);
  const image = element('img', { src: address, alt: file.name });
  image.addEventListener('error', () =>
    image.replaceWith(element('span', { class: 'no-preview', title: file.name }, icon('file'))),
  );
  return image;
}

/** The photos attached to the next message: chosen, dropped, pasted or taken; they stay attached until removed. */
export class PhotoTray {
  /** @type {File[]} */
  #files = [];
  #list = element('ul', { class: 'tray-photos' });
  #onChange;
  #maxBytes;
  #onProblem;

  /** @param {{ maxBytes: number, onChange: () => void, onProblem: (sentence: string) => void }} options */
  constructor({ maxBytes, onChange, onProblem }) {
    this.#maxBytes = maxBytes;
    this.#onChange = onChange;
    this.#onProblem = onProblem;
    this.#acceptDrops();
    this.#acceptPastes();
  }

  get element() {
    return this.#list;
  }

  /** @returns {readonly File[]} */
  get files() {
    return this.#files;
  }

  /** @param {readonly File[]} chosen */
  async add(chosen) {
    const files = await Promise.all(chosen.map(readablePhoto));
    const fitting = files.filter((file) => file.size <= this.#maxBytes);
    if (fitting.length < files.length) {
      this.#onProblem(text('photo-too-large', { limit: Math.round(this.#maxBytes / 1024 / 1024) }));
    }
    if (this.#files.length + fitting.length > LIMIT) this.#onProblem(text('photos-too-many', { limit: LIMIT }));
    this.replace([...this.#files, ...fitting].slice(0, LIMIT));
  }

  /** @param {readonly File[]} files */
  replace(files) {
    this.#files = [...files];
    this.#list.replaceChildren(...this.#files.map((file) => this.#item(file)));
    this.#onChange();
  }

  /** @param {File} file */
  #item(file) {
    const remove = () => this.replace(this.#files.filter((other) => other !== file));
    const button = iconButton({
      icon: 'close',
      label: text('remove-photo', { name: file.name }),
      class: 'remove',
      onclick: remove,
    });
    return element('li', {}, thumbnail(file), button);
  }

  #acceptDrops() {
    const curtain = byId('drop');
    curtain.replaceChildren(element('p', {}, icon('photo'), text('drop')));
    /** @param {DragEvent} event */
    const hasFiles = (event) => event.dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragover', (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      curtain.hidden = false;
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) curtain.hidden = true;
    });
    addEventListener('drop', (event) => {
      curtain.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      void this.add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  #acceptPastes() {
    addEventListener('paste', (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void this.add(files);
    });
  }
}
