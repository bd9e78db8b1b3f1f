/** @typedef {Node | string | undefined | false} Child */
/** @typedef {Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>} Properties */

/**
 * Makes an element. Properties whose names start with `on` are listeners; `class` and the rest are attributes, left out
 * when undefined or false.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Properties} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') made.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined && child !== false));
  return made;
}

/** Outlines of the icons, drawn in a 24 x 24 box. */
const outlines = {
  attach: 'M12 5v14M5 12h14',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4ZM12 10a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7Z',
  options: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5',
  send: 'M12 19V5M6 11l6-6 6 6',
  close: 'M6 6l12 12M18 6L6 18',
  dice: 'M5 5h14v14H5ZM9 9h.01M15 15h.01M12 12h.01M15 9h.01M9 15h.01',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  measure: 'M4 18l5-6 4 3 7-9',
  change: 'M4 20l1-4L16 5l3 3L8 19ZM14 7l3 3',
  share: 'M12 15V4M8 7l4-4 4 4M6 12v8h12v-8',
  copy: 'M8 8h11v12H8ZM5 16V4h11',
  avatar: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16ZM12 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM7 18c1-5 9-5 10 0',
  compare: 'M4 5h16v14H4ZM12 3v18',
  previous: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  flip: 'M7 7h10l-3-3M17 17H7l3 3',
  clear: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M5 19l1.4-1.4M17.6 6.4L19 5',
  dark: 'M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10Z',
  auto: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16ZM12 4v16M12 8h3.5M12 12h7.5M12 16h4',
  globe: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16ZM4 12h16M12 4c-5 5-5 11 0 16M12 4c5 5 5 11 0 16',
  photo: 'M4 5h16v14H4ZM4 16l5-5 4 4 3-3 4 4M15 9h.01',
  file: 'M7 3h7l4 4v14H7ZM14 3v4h4',
};

/** @typedef {keyof typeof outlines} IconName */

/**
 * @param {IconName} name
 * @returns {SVGElement}
 */
export function icon(name) {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon');
  const path = document.createElementNS(space, 'path');
  path.setAttribute('d', outlines[name]);
  svg.append(path);
  return svg;
}

/**
 * A button with an icon and, beside it or for screen readers alone, its label; or beside it a shorter one, with which the label
 * begins.
 * @param {{ icon: IconName, label: string, short?: string, class?: string, onclick: (event: Event) => void, labelled?: boolean }} options
 */
export function iconButton({ icon: name, label, short, class: classes = 'round', onclick, labelled = false }) {
  const hidden = labelled ? {} : { 'aria-label': label, title: label };
  const words = short === undefined ? labelled && label : element('span', {}, short);
  return element('button', { type: 'button', class: classes, onclick, ...hidden }, icon(name), words);
}

/**
 * The element of the page with an id.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/**
 * Changes what is different, so that screen readers do not read the same again.
 * @param {Element} where
 * @param {string} words
 */
export function setText(where, words) {
  if (where.textContent !== words) where.textContent = words;
}
