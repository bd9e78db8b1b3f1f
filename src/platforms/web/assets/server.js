/** @typedef {import('../conversation.js').ConversationEvent} ConversationEvent */
/** @typedef {import('../../../chat/form.js').CommandForm} CommandForm */
/**
 * What the page is told before anything else.
 * @typedef {object} Setup
 * @property {string} locale
 * @property {'ltr' | 'rtl'} direction which way its language is written
 * @property {Readonly<Record<string, string>>} texts
 * @property {readonly CommandForm[]} commands
 * @property {string} fallback the command words without a slash are for
 * @property {number} maxPhotoBytes
 */

/**
 * Asks the server; a cookie it did not sign, because its key is another or the cookie is gone, means a fresh page.
 * @param {string} path
 * @param {RequestInit} [options]
 */
async function request(path, options) {
  const response = await fetch(path, options);
  if (response.status === 401) location.reload();
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
}

/** @returns {Promise<Setup>} */
export async function loadSetup() {
  return (await request('/api/setup')).json();
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
  await request('/api/messages', { method: 'POST', body: form });
}

/** @returns {Promise<import('../../../chat/host.js').EventView | import('../../../chat/host.js').Refusal>} */
export async function loadEvent() {
  return (await request('/api/event')).json();
}

/** @returns {Promise<import('../../../chat/host.js').QueueView>} */
export async function loadQueue() {
  return (await request('/api/queue')).json();
}

/** @param {string} jobId */
export async function cancelJob(jobId) {
  await request(`/api/jobs/${jobId}/cancel`, { method: 'POST' });
}

export async function giveConsent() {
  await request('/api/consent', { method: 'POST' });
}

export async function clearConversation() {
  await request('/api/clear', { method: 'POST' });
}

/**
 * Follows the conversation, reconnecting as long as the page is open.
 * @param {{ onEvent: (event: ConversationEvent) => void, onConnection: (connected: boolean) => void }} options
 */
export function followConversation({ onEvent, onConnection }) {
  const source = new EventSource('/api/events');
  source.addEventListener('open', () => onConnection(true));
  source.addEventListener('message', ({ data }) => onEvent(JSON.parse(data)));
  source.addEventListener('error', () => {
    onConnection(false);
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => {
      request('/api/setup').then(
        () => followConversation({ onEvent, onConnection }),
        () => location.reload(),
      );
    }, 1000);
  });
}
