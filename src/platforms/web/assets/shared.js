/**
 * Keeps something that the server shares equal to what the server says, while it is looked at: asks again after every
 * change, and never twice at a time.
 * @template Value
 */
export class Shared {
  #load;
  #show;
  #seen;
  #asking = false;
  #again = false;

  /** @param {{ load: () => Promise<Value>, show: (value: Value) => void, seen: () => boolean }} options */
  constructor({ load, show, seen }) {
    this.#load = load;
    this.#show = show;
    this.#seen = seen;
  }

  /** Asks, now or as soon as what was asked before is answered; nothing where nobody looks. */
  async refresh() {
    if (!this.#seen()) return;
    this.#again = true;
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#again) {
        this.#again = false;
        this.#show(await this.#load());
      }
    } catch {
      // The events say when the server is there again, and then it is asked again.
    } finally {
      this.#asking = false;
    }
  }
}

/**
 * Makes a list's items those of some values, in their order. Items that stay are changed where they stand: they keep their
 * focus and their pictures.
 * @template Value
 * @param {HTMLElement} list
 * @param {readonly Value[]} values
 * @param {{ keyOf: (value: Value) => string, make: (value: Value) => HTMLElement, update: (item: HTMLElement, value: Value) => void }} how
 */
export function keepList(list, values, { keyOf, make, update }) {
  const known = new Map([...list.children].map((item) => [item instanceof HTMLElement && item.dataset['key'], item]));
  const wanted = values.map((value) => {
    const found = known.get(keyOf(value));
    const item = found instanceof HTMLElement ? found : make(value);
    item.dataset['key'] = keyOf(value);
    update(item, value);
    return item;
  });
  for (const item of list.querySelectorAll(':scope > *')) if (!wanted.some((kept) => kept === item)) item.remove();
  wanted.forEach((item, index) => {
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
}
