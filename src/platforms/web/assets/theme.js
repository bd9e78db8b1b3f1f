import { icon } from './dom.js';
import { text } from './texts.js';

const order = /** @type {const} */ (['auto', 'light', 'dark']);
const KEY = 'likeness-theme';

/** What the browser remembers; one that refuses cookies often refuses this too. */
function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

/** @param {string} theme */
function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It holds until the page is left.
  }
}

/**
 * A button that goes round the system's theme, light and dark, and remembers the choice in this browser.
 * @param {HTMLElement} button
 */
export function themeButton(button) {
  let theme = order.find((name) => name === remembered()) ?? 'auto';
  const show = () => {
    document.documentElement.dataset['theme'] = theme;
    const label = text(`theme-${theme}`);
    button.replaceChildren(icon(theme));
    button.setAttribute('aria-label', label);
    button.title = label;
  };
  button.addEventListener('click', () => {
    theme = order[(order.indexOf(theme) + 1) % order.length] ?? 'auto';
    remember(theme);
    show();
  });
  show();
}
