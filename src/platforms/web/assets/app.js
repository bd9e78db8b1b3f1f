import { Composer } from './composer.js';
import { byId, element, icon } from './dom.js';
import { MessageList } from './messages.js';
import { cancelJob, clearConversation, followConversation, giveConsent, loadSetup, sendMessage } from './server.js';
import { setTexts, text } from './texts.js';
import { themeButton } from './theme.js';
import { Viewer } from './viewer.js';

/** Photos of the messages sent from this page, by message key; they live here and nowhere else. */
const photosByKey = /** @type {Map<string, readonly File[]>} */ (new Map());
/** Lines of the messages sent from this page, by message key. */
const linesByKey = /** @type {Map<string, string>} */ (new Map());

const setup = await loadSetup();
document.documentElement.lang = setup.locale;
document.documentElement.dir = setup.direction;
setTexts(setup.texts);

const viewer = new Viewer();
const composer = new Composer({ form: byId('composer'), setup, onSend: (draft) => void send(draft) });
const messages = new MessageList({
  list: byId('messages'),
  scroller: byId('scroller'),
  onCount: (count) => (byId('welcome').hidden = count > 0),
  surroundings: {
    setup,
    album: { open: (pictures, index) => viewer.open(pictures, index), again },
    cancel: (jobId) => void cancelJob(jobId),
    write: (line) => composer.fill(line, ''),
    agree: (key) => void agree(key),
    photosOf: (key) => photosByKey.get(key) ?? [],
  },
});

themeButton(byId('theme'));
prepareClear(byId('clear'));
welcome(byId('welcome'));
followConversation({ onEvent: (event) => messages.apply(event), onConnection: showConnection });
// On a phone the focus would bring up the keyboard over the greeting.
if (matchMedia('(hover: hover)').matches) composer.focus();

/** @param {import('./composer.js').Draft} draft */
async function send(draft) {
  const key = crypto.randomUUID();
  photosByKey.set(key, draft.photos);
  linesByKey.set(key, draft.text);
  await sendMessage({ key, ...draft }).catch(() => composer.fill(draft.text, text('not-sent')));
}

/**
 * @param {string} key
 * @param {string} line
 */
function again(key, line) {
  const photos = photosByKey.get(key) ?? [];
  if (photos.length === 0) composer.fill(line, text('attach-again'));
  else void send({ text: line, photos });
}

/** @param {string} key */
async function agree(key) {
  await giveConsent();
  const photos = photosByKey.get(key) ?? [];
  const line = linesByKey.get(key);
  if (line === undefined) composer.fill('', text('attach-again'));
  else await sendMessage({ key, text: line, photos, resent: true });
}

/** @param {boolean} connected */
function showConnection(connected) {
  const line = byId('connection');
  line.textContent = text(connected ? 'online' : 'reconnecting');
  line.classList.toggle('online', connected);
}

/** @param {HTMLElement} button */
function prepareClear(button) {
  button.append(icon('clear'));
  button.setAttribute('aria-label', text('clear'));
  button.title = text('clear');
  button.addEventListener('click', () => {
    if (confirm(text('clear-question'))) void clearConversation();
  });
}

/** @param {HTMLElement} section */
function welcome(section) {
  const ideas = ['idea-1', 'idea-2', 'idea-3'].map((name) =>
    element('button', { type: 'button', class: 'pill', onclick: () => composer.fill(text(name)) }, text(name)),
  );
  section.append(
    element('h2', {}, text('welcome')),
    element('p', {}, text('welcome-how')),
    element(
      'button',
      { type: 'button', class: 'add', onclick: () => composer.choosePhotos() },
      icon('photo'),
      text('add-photo'),
    ),
    element('div', { class: 'ideas' }, ...ideas),
    element('p', { class: 'note' }, text('welcome-privacy')),
  );
}
