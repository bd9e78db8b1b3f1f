/** @typedef {import('../conversation.js').ConversationEvent} ConversationEvent */
/** @typedef {import('../../../chat/form.js').CommandForm} CommandForm */
/**
 * What the page is told before anything else.
 * @typedef {object} Setup
 * @property {string} locale
 * @property {'ltr' | 'rtl'} direction which way its language is written
 * @property {Readonly<Record<string, string>>} texts
 * @property {boolean} operator whether the member may begin and end events
 * @property {string} consent what is agreed to before a first portrait
 * @property {readonly CommandForm[]} commands
 * @property {string} fallback the command words without a slash are for
 * @property {Readonly<Record<string, Readonly<Record<string, string>>>>} pictures by option, the addresses of its choices' pictures
 * @property {number} maxPhotoBytes
 * @property {number} historyDays days for which albums can be kept; 0 where they cannot
 * @property {readonly { tag: string, name: string }[]} languages
 * @property {string} [chosen] the language the member chose for themselves
 */

/** What the page says of a status that it cannot help: its cookie does not come back, or its address is not the program's. */
const REASONS = new Map([
  [401, 'cookies'],
  [403, 'misdirected'],
  [421, 'misdirected'],
]);

/** A request that was answered, but not with what it asked for. */
class Refused extends Error {
  /** Name of the text that says why. */
  reason;

  /**
   * @param {string} path
   * @param {number} status
   */
  constructor(path, status) {
    super(`${path}: ${status}`);
    this.reason = REASONS.get(status) ?? 'not-sent';
  }
}

/**
 * Name of the text that says why a request failed.
 * @param {unknown} error
 */
export function reasonOf(error) {
  return error instanceof Refused ? error.reason : 'not-sent';
}

/** What follows the conversation has to begin again when it has become another. */
let reconnect = () => {};
/** @type {Promise<unknown> | undefined} */
let renewing;

/**
 * Asks the server. Where it does not know the cookie, because it signs with another key or the cookie is gone, it makes a new
 * one, and is asked the same once more.
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function request(path, options) {
  const response = await fetch(path, options);
  if (response.ok) return response;
  if (response.status !== 401) throw new Refused(path, response.status);
  await (renewing ??= fetch('api/setup').finally(() => (renewing = undefined)));
  const again = await fetch(path, options);
  if (!again.ok) throw new Refused(path, again.status);
  reconnect();
  return again;
}

/** A key for a message. `crypto.randomUUID` is there on https and on this machine alone, not on plain http in a network. */
export function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @returns {Promise<Setup>} */
export async function loadSetup() {
  return (await request('api/setup')).json();
}

/**
 * Sends a message; the answer comes by the events.
 * @param {{ key: string, text: string, photos: readonly File[], resent?: boolean }} message
 */
export async function sendMessage({ key, text, photos, resent = false }) {
  const form = new FormData();
  form.set('key', key);
  form.set('text', text);
  if (resent) form.set('resent', 'yes');
  for (const photo of photos) form.append('photos', photo);
  await request('api/messages', { method: 'POST', body: form });
}

/** @returns {Promise<import('../../../chat/host.js').EventView | import('../../../chat/host.js').Refusal>} */
export async function loadEvent() {
  return (await request('api/event')).json();
}

/** @returns {Promise<import('../../../chat/host.js').QueueView>} */
export async function loadQueue() {
  return (await request('api/queue')).json();
}

/**
 * Asks which of a member's words the model does not know.
 * @param {string} words
 * @returns {Promise<import('../word-routes.js').UnknownWords>}
 */
export async function checkWords(words) {
  const form = new FormData();
  form.set('words', words);
  return (await request('api/words', { method: 'POST', body: form })).json();
}

/** @param {string} jobId */
export async function cancelJob(jobId) {
  await request(`api/jobs/${jobId}/cancel`, { method: 'POST' });
}

export async function giveConsent() {
  await request('api/consent', { method: 'POST' });
}

/** Takes back the question for consent. */
export async function declineConsent() {
  await request('api/decline', { method: 'POST' });
}

/** @param {string} id the message of the album */
export async function deleteAlbum(id) {
  await request(`api/albums/${id.replace(/^album:/, '')}/delete`, { method: 'POST' });
}

/** @returns {Promise<import('../history-routes.js').HistoryView>} */
export async function loadHistory() {
  return (await request('api/history')).json();
}

/** @param {boolean} on whether albums are kept from now on; off deletes those that are */
export async function turnHistory(on) {
  const form = new FormData();
  form.set('on', on ? 'yes' : 'no');
  await request('api/history', { method: 'POST', body: form });
}

/** @param {string} address what a picture names for that */
export async function deletePicture(address) {
  await request(address, { method: 'POST' });
}

/** @param {string} tag empty to follow the browser */
export async function chooseLanguage(tag) {
  const form = new FormData();
  form.set('tag', tag);
  await request('api/language', { method: 'POST', body: form });
}

export async function clearConversation() {
  await request('api/clear', { method: 'POST' });
}

/**
 * Milliseconds without a sign of life, of which the server gives one every 20 s, after which a connection is taken for lost: no
 * browser notices by itself that its network changed.
 */
const SILENCE = 50_000;

/** @typedef {'online' | 'reconnecting' | 'cookies' | 'misdirected'} Connection */

/**
 * Follows the conversation, reconnecting as long as the page is open and nothing is wrong that stays so. While the page is
 * hidden it does not: browsers have six connections to a server for all their pages together.
 * @param {{ onEvent: (event: ConversationEvent) => void, onConnection: (connection: Connection) => void }} options
 */
export function followConversation({ onEvent, onConnection }) {
  /** @type {EventSource | undefined} */
  let source;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let retry;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let silence;
  const leave = () => {
    clearTimeout(retry);
    clearTimeout(silence);
    source?.close();
  };
  const hear = () => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      onConnection('reconnecting');
      open();
    }, SILENCE);
  };
  const open = () => {
    leave();
    if (document.hidden) return;
    const opened = new EventSource('api/events');
    source = opened;
    for (const sign of ['open', 'message', 'alive']) opened.addEventListener(sign, hear);
    opened.addEventListener('open', () => onConnection('online'));
    opened.addEventListener('message', ({ data }) => onEvent(JSON.parse(data)));
    opened.addEventListener('error', () => {
      onConnection('reconnecting');
      if (opened.readyState === EventSource.CLOSED) askLater();
    });
  };
  // The events do not say why they ended; another request does.
  const ask = () => request('api/queue').then(() => source?.readyState === EventSource.CLOSED && open(), explain);
  const askLater = () => void (retry = setTimeout(() => void ask(), 1000));
  const explain = (/** @type {unknown} */ error) => {
    const reason = reasonOf(error);
    if (reason === 'cookies' || reason === 'misdirected') onConnection(reason);
    else askLater();
  };
  reconnect = open;
  document.addEventListener('visibilitychange', () => (document.hidden ? leave() : open()));
  open();
}
