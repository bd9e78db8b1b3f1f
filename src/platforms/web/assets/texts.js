/** @type {Readonly<Record<string, string>>} */
let texts = {};

/** @param {Readonly<Record<string, string>>} given */
export function setTexts(given) {
  texts = given;
}

/**
 * A text of the page in the member's language, its placeholders filled.
 * @param {string} name
 * @param {Readonly<Record<string, string | number>>} [data]
 * @returns {string}
 */
export function text(name, data = {}) {
  return (texts[name] ?? name).replaceAll(/\{(\w+)\}/g, (placeholder, key) => String(data[key] ?? placeholder));
}
