import type { ConversationEvent, Message, SharedPart } from '../../src/platforms/web/conversation.js';

/** A message a person sends by the page. */
export interface Sending {
  readonly text: string;
  readonly photos?: readonly Uint8Array[];
  /** Files of other kinds, attached after the photos. */
  readonly files?: readonly File[];
  readonly key?: string;
  readonly resent?: boolean;
}

type Headers = Readonly<Record<string, string>>;

/** What a browser with the chat page open does, without a browser: it keeps its cookie and follows the events. */
export class FakeBrowser {
  readonly #address: string;
  #cookie = '';

  private constructor(address: string) {
    this.#address = address;
  }

  /** Opens the page at an address. */
  static async open(address: string): Promise<FakeBrowser> {
    const browser = new FakeBrowser(address);
    const setup = await browser.get('/api/setup');
    browser.#cookie = setup.headers.get('set-cookie')?.split(';')[0] ?? '';
    return browser;
  }

  /** The same browser at another address of the program. */
  at(address: string): FakeBrowser {
    const moved = new FakeBrowser(address);
    moved.#cookie = this.#cookie;
    return moved;
  }

  get cookie(): string {
    return this.#cookie;
  }

  get(path: string, headers: Headers = {}): Promise<Response> {
    return fetch(new URL(path, this.#address), { headers: { cookie: this.#cookie, ...headers } });
  }

  /** Posts as the page does: from its own origin. */
  post(
    path: string,
    { body, headers = {} }: { readonly body?: FormData; readonly headers?: Headers } = {},
  ): Promise<Response> {
    const url = new URL(path, this.#address);
    const sent = {
      cookie: this.#cookie,
      origin: url.origin,
      'sec-fetch-site': 'same-origin',
      'accept-language': 'en-GB,en;q=0.9',
      ...headers,
    };
    return fetch(url, { method: 'POST', headers: sent, ...(body && { body }) });
  }

  /** Sends a message and answers its key. */
  async send({ text, photos = [], files = [], key = crypto.randomUUID(), resent = false }: Sending): Promise<string> {
    const body = new FormData();
    body.set('key', key);
    body.set('text', text);
    if (resent) body.set('resent', 'yes');
    for (const photo of photos)
      body.append('photos', new File([Uint8Array.from(photo)], 'photo.jpg', { type: 'image/jpeg' }));
    for (const file of files) body.append('photos', file);
    const response = await this.post('/api/messages', { body });
    if (response.status !== 202) throw new Error(`message refused: ${response.status}`);
    return key;
  }

  /** The conversation as a freshly loaded page would show it. */
  messages(): Promise<readonly Message[]> {
    return this.until(() => true);
  }

  /** Follows the conversation until it is as requested, and answers it. */
  async until(requested: (messages: readonly Message[]) => boolean): Promise<readonly Message[]> {
    const shown = new Map<string, Message>();
    for await (const event of this.#follow()) {
      apply(shown, event);
      const messages = [...shown.values()];
      if (requested(messages)) return messages;
    }
    throw new Error(`the events ended with ${JSON.stringify([...shown.values()])}`);
  }

  /** Follows the events from now on; what resolves when the page is told that a part of what everyone shares changed. */
  async listen(part: SharedPart): Promise<{ readonly told: Promise<void> }> {
    const events = this.#follow();
    await events.next();
    const hear = async (): Promise<void> => {
      for await (const event of events) if (event.type === 'changed' && event.part === part) return;
      throw new Error('the events ended');
    };
    return { told: hear() };
  }

  /** Leaves the page open: the events are followed, whatever else is done, until the answered function is called. */
  async stay(): Promise<() => void> {
    const leaving = new AbortController();
    const { body } = await this.#openEvents(leaving.signal);
    body?.pipeTo(new WritableStream()).catch(() => undefined);
    return () => leaving.abort();
  }

  #openEvents(signal: AbortSignal): Promise<Response> {
    return fetch(new URL('/api/events', this.#address), { headers: { cookie: this.#cookie }, signal });
  }

  async *#follow(): AsyncGenerator<ConversationEvent> {
    const leaving = new AbortController();
    const response = await this.#openEvents(leaving.signal);
    try {
      yield* readEvents(response);
    } finally {
      leaving.abort();
    }
  }

  /** Waits for a message of a kind that belongs to the message with that key. */
  async answer<Kind extends Message['kind']>(key: string, kind: Kind): Promise<Extract<Message, { kind: Kind }>> {
    const fits = (message: Message): message is Extract<Message, { kind: Kind }> =>
      message.kind === kind && message.key === key;
    const found = (await this.until((messages) => messages.some(fits))).find(fits);
    if (!found) throw new Error(`no ${kind}`);
    return found;
  }
}

function apply(shown: Map<string, Message>, event: ConversationEvent): void {
  if (event.type === 'remove') shown.delete(event.id);
  if (event.type === 'put') shown.set(event.message.id, event.message);
  if (event.type !== 'all') return;
  shown.clear();
  for (const message of event.messages) shown.set(message.id, message);
}

/** Reads a stream of server-sent events whose data is one line of JSON each. */
async function* readEvents({ body }: Response): AsyncGenerator<ConversationEvent> {
  if (!body) return;
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const data = /^data: (.+)$/m.exec(block)?.[1];
      if (data !== undefined) yield JSON.parse(data);
    }
  }
}
