import { element, icon } from './dom.js';
import { chooseLanguage } from './server.js';
import { text } from './texts.js';

/**
 * The menu of languages. What is chosen is kept for this browser's member, so that answers come in it too.
 * @param {HTMLElement} where
 * @param {Pick<import('./server.js').Setup, 'languages' | 'chosen'>} setup
 */
export function languageMenu(where, { languages, chosen }) {
  const options = languages.map(({ tag, name }) =>
    element('option', { value: tag, lang: tag, selected: tag === chosen }, name),
  );
  const automatic = element('option', { value: '', selected: chosen === undefined }, text('language-auto'));
  const menu = element(
    'select',
    {
      'aria-label': text('language'),
      title: text('language'),
      onchange: () => void chooseLanguage(menu.value).then(() => location.reload()),
    },
    automatic,
    ...options,
  );
  where.append(icon('globe'), menu);
}
