import { chooserGrid } from './chooser.js';
import { Composer } from './composer.js';
import { byId, element, icon } from './dom.js';
import { EventBoard, pictureOf } from './event-board.js';
import { HistoryPanel } from './history-view.js';
import { languageMenu } from './language.js';
import { MessageList } from './messages.js';
import {
  cancelJob,
  clearConversation,
  declineConsent,
  deleteAlbum,
  deletePicture,
  followConversation,
  giveConsent,
  loadHistory,
  loadSetup,
  newKey,
  reasonOf,
  sendMessage,
} from './server.js';
import { thumbnail } from './photos.js';
import { QueuePanel } from './queue-view.js';
import { setTexts, text } from './texts.js';
import { themeButton } from './theme.js';
import { Viewer } from './viewer.js';
import { Views } from './views.js';

/** Photos of the messages sent from this page, by message key; they live here and nowhere else. */
const photosByKey = /** @type {Map<string, readonly File[]>} */ (new Map());
/** Lines of the messages sent from this page, by message key. */
const linesByKey = /** @type {Map<string, string>} */ (new Map());

const setup = await loadSetup();
document.documentElement.lang = setup.locale;
document.documentElement.dir = setup.direction;
setTexts(setup.texts);

const viewer = new Viewer();
/** The card that asks for a photo and, once there is one, shows it. */
const card = element('button', { type: 'button', class: 'add', onclick: () => composer.choosePhotos() });
const composer = new Composer({
  form: byId('composer'),
  setup,
  onSend: (draft) => void send(draft),
  onPhotos: (photos) => {
    showOnCard(photos);
    board.refresh();
  },
});
/** @type {import('./messages.js').Surroundings} */
const surroundings = {
  setup,
  album: {
    open: (key, pictures, index) => viewer.open(pictures, index, viewing(key)),
    again,
    change,
    remove: (id) => confirm(text('delete-question')) && void deleteAlbum(id).catch(complain),
  },
  show: (pictures, index) => viewer.open(pictures, index, { captionOf: () => '' }),
  cancel: (jobId) => cancelJob(jobId).catch(complain),
  say: (line) => void send({ text: line, photos: [] }),
  write: (line) => composer.fill(line, ''),
  agree: (key) => void agree(key),
  decline: () => void declineConsent().catch(complain),
  photosOf: (key) => photosByKey.get(key) ?? [],
};
const messages = new MessageList({
  list: byId('messages'),
  scroller: byId('scroller'),
  onCount: (count) => greet(count === 0),
  surroundings,
});
const board = new EventBoard({
  view: byId('event-view'),
  surroundings,
  photos: () => composer.photos,
  onSend: deliver,
  onOpen: openEntry,
});
const keptAlbums = new HistoryPanel({
  view: byId('history-view'),
  days: setup.historyDays,
  actions: {
    ...surroundings.album,
    open: (key, pictures, index) =>
      viewer.open(pictures, index, { ...viewing(key), onMore: (line) => inChat(() => again(key, line)) }),
    again: (key, line) => inChat(() => again(key, line)),
    change: (key, line) => inChat(() => change(key, line)),
  },
});
const queue = new QueuePanel({ view: byId('queue-view') });

languageMenu(byId('language'), setup);
themeButton(byId('theme'));
prepareClear(byId('clear'));
welcome(byId('welcome'));
const views = new Views({
  nav: byId('views'),
  views: [
    { hash: '', label: text('view-chat'), parts: [byId('scroller'), byId('writing')] },
    { hash: '#events', label: text('view-events'), parts: [byId('event-view')], onShow: () => board.refresh() },
    ...(setup.historyDays > 0
      ? [
          {
            hash: '#albums',
            label: text('view-albums'),
            parts: [byId('history-view')],
            onShow: () => keptAlbums.refresh(),
          },
        ]
      : []),
    { hash: '#queue', label: text('view-queue'), parts: [byId('queue-view')], onShow: () => queue.refresh() },
  ],
});
views.start();
followConversation({ onEvent: apply, onConnection: showConnection });
// On a phone the focus would bring up the keyboard over the greeting.
if (matchMedia('(hover: hover)').matches) composer.focus();

/** @param {import('../conversation.js').ConversationEvent} event */
function apply(event) {
  messages.apply(event);
  board.apply(event);
  queue.apply(event);
  keptAlbums.apply(event);
}

/**
 * What can be done in the viewer with the pictures made for a message.
 * @param {string} key
 * @returns {import('./viewer.js').Viewing}
 */
function viewing(key) {
  return {
    photo: photosByKey.get(key)?.[0],
    onMore: (line) => again(key, line),
    onRemove: (address) => void deletePicture(address).catch(complain),
  };
}

/**
 * Shows the chat, where the answer will be, and does something there.
 * @param {() => void} run
 */
function inChat(run) {
  location.hash = '';
  addEventListener('hashchange', run, { once: true });
}

/**
 * @param {import('../../../chat/host.js').EventView} event
 * @param {import('../../../chat/host.js').EntryView} entry
 */
function openEntry(event, entry) {
  const pictures = event.entries.map((other) => {
    const file = pictureOf(event, other);
    return { name: other.label, description: other.label, preview: file, file };
  });
  const index = event.entries.findIndex(({ number }) => number === entry.number);
  viewer.open(pictures, index, { captionOf: ({ description }) => description, keep: false });
}

/** @param {import('./composer.js').Draft} draft */
async function send(draft) {
  try {
    await deliver(draft, newKey());
  } catch (error) {
    composer.fill(draft.text, text(reasonOf(error)));
  }
}

/**
 * @param {import('./composer.js').Draft} draft
 * @param {string} key
 */
async function deliver(draft, key) {
  photosByKey.set(key, draft.photos);
  linesByKey.set(key, draft.text);
  await sendMessage({ key, ...draft });
}

/**
 * @param {string} key
 * @param {string} line
 */
function again(key, line) {
  const photos = photosFor(key);
  if (photos.length === 0) composer.fill(line, text('attach-again'));
  else void send({ text: line, photos });
}

/**
 * @param {string} key
 * @param {string} line
 */
function change(key, line) {
  const photos = photosFor(key);
  composer.attach(photos);
  composer.fill(line, photos.length === 0 ? text('attach-again') : '');
}

/**
 * The photos of an earlier message; after a reload, which loses them, those that are attached now.
 * @param {string} key
 */
function photosFor(key) {
  return photosByKey.get(key) ?? composer.photos;
}

/** @param {string} key */
async function agree(key) {
  const photos = photosByKey.get(key) ?? [];
  const line = linesByKey.get(key);
  try {
    await giveConsent();
    if (line === undefined) composer.fill('', text('attach-again'));
    else await sendMessage({ key, text: line, photos, resent: true });
  } catch (error) {
    composer.fill(line ?? '', text(reasonOf(error)));
  }
}

/** @param {unknown} error */
function complain(error) {
  composer.complain(text(reasonOf(error)));
}

/** @param {import('./server.js').Connection} connection */
function showConnection(connection) {
  const line = byId('connection');
  line.textContent = text(connection);
  line.classList.toggle('online', connection === 'online');
}

/** @param {HTMLElement} button */
function prepareClear(button) {
  button.append(icon('clear'));
  button.setAttribute('aria-label', text('clear'));
  button.title = text('clear');
  button.addEventListener('click', () => void clear().catch(complain));
}

/** Empties the conversation, if that is meant; albums that are kept stay so. */
async function clear() {
  const { on } = await loadHistory();
  if (confirm(text(on ? 'clear-question-keeping' : 'clear-question'))) await clearConversation();
}

/** @param {HTMLElement} section */
function welcome(section) {
  showOnCard([]);
  section.append(
    element('h2', {}, text('welcome')),
    element('p', {}, text('welcome-how')),
    card,
    chooserGrid(composer.chooser),
    element('p', { class: 'note' }, text('welcome-privacy')),
  );
}

/** @param {boolean} shown whether nothing was said yet */
function greet(shown) {
  byId('welcome').hidden = !shown;
  composer.offerChoices(!shown);
}

/** @param {readonly File[]} photos */
function showOnCard(photos) {
  const [photo] = photos;
  card.classList.toggle('filled', photo !== undefined);
  // On a phone there is nothing to drop from.
  const ask = matchMedia('(hover: hover)').matches ? 'add-photo' : 'add-photo-here';
  card.replaceChildren(photo ? thumbnail(photo) : icon('photo'), text(photo ? 'choose' : ask));
}
