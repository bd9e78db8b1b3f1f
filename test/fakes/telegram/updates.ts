import { textOf } from './rules.js';
import { Refusal } from './world.js';

export interface FakeUpdate {
  readonly update_id: number;
  readonly message?: object;
  readonly edited_message?: object;
  readonly callback_query?: object;
  readonly my_chat_member?: object;
}

interface Poller {
  readonly resolve: (updates: readonly FakeUpdate[]) => void;
  readonly reject: (refusal: Refusal) => void;
}

/** The updates that were not confirmed yet: by polling, which confirms by its offset, or pushed to a webhook. */
export class Updates {
  readonly #known = new Map<number, FakeUpdate>();
  #queue: FakeUpdate[] = [];
  #poller: Poller | undefined;
  #webhook: { readonly url: string; readonly secret: string } | undefined;
  #last = 700_000_000;

  /** Where updates are pushed on this machine, in place of the public address. */
  webhookTarget = '';

  /** The kinds the bot asked for; it is told of no others. */
  #allowed: readonly string[] | undefined;

  /** Adds an update and answers its id. */
  async add(content: Omit<FakeUpdate, 'update_id'>): Promise<number> {
    if (Object.keys(content).some((kind) => this.#allowed?.includes(kind) === false)) return this.#last;
    const update = { update_id: ++this.#last, ...content };
    this.#known.set(update.update_id, update);
    await this.#deliver(update);
    return update.update_id;
  }

  /** Delivers an update again, as when its confirmation was lost. */
  async redeliver(id: number): Promise<void> {
    const update = this.#known.get(id);
    if (!update) throw new Error(`no update ${id}`);
    await this.#deliver(update);
  }

  /** The kinds of updates the bot asks for; unless said anew, those it asked for last. */
  allow(kinds: unknown): void {
    if (kinds === undefined) return;
    const given = typeof kinds === 'string' ? (JSON.parse(kinds) as unknown) : kinds;
    if (!Array.isArray(given)) throw new Refusal(400, "Bad Request: can't parse allowed updates");
    this.#allowed = given.map(textOf);
  }

  /** `getUpdates`: an offset confirms everything before it; a second poller ends the first one's request with 409. */
  async poll(offset: number, patient: boolean, gone: AbortSignal): Promise<readonly FakeUpdate[]> {
    if (this.#webhook)
      throw new Refusal(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first");
    this.#poller?.reject(new Refusal(409, 'Conflict: terminated by other getUpdates request'));
    this.#poller = undefined;
    this.#queue = this.#queue.filter(({ update_id: id }) => id >= offset || this.#redelivered.has(id));
    this.#redelivered.clear();
    if (this.#queue.length > 0 || !patient) return [...this.#queue];
    return new Promise((resolve, reject) => {
      const poller = { resolve, reject };
      this.#poller = poller;
      gone.addEventListener('abort', () => {
        if (this.#poller === poller) this.#poller = undefined;
      });
    });
  }

  /** Updates nobody confirmed. */
  get unconfirmed(): number {
    return this.#queue.length;
  }

  /** The secret the bot chose for its webhook. */
  get secret(): string {
    return this.#webhook?.secret ?? '';
  }

  /** What went wrong last when an update was pushed, and when, in seconds since 1970. */
  pushFailure: { readonly last_error_date: number; readonly last_error_message: string } | undefined;

  /** What `getWebhookInfo` answers. */
  get webhookInfo(): object {
    const url = this.#webhook?.url ?? '';
    return { url, has_custom_certificate: false, pending_update_count: this.#queue.length, ...this.pushFailure };
  }

  setWebhook({ url, secret_token: secret, allowed_updates: kinds }: Readonly<Record<string, unknown>>): true {
    this.allow(kinds);
    if (!textOf(url).startsWith('https://'))
      throw new Refusal(400, 'Bad Request: bad webhook: An HTTPS URL must be provided for webhook');
    if (secret !== undefined && !/^[\w-]{1,256}$/.test(textOf(secret)))
      throw new Refusal(400, 'Bad Request: secret token contains unallowed characters');
    this.#webhook = { url: textOf(url), secret: textOf(secret) };
    return true;
  }

  deleteWebhook(): true {
    this.#webhook = undefined;
    return true;
  }

  readonly #redelivered = new Set<number>();

  async #deliver(update: FakeUpdate): Promise<void> {
    if (this.#webhook) return this.#push(update, this.#webhook);
    if (this.#queue.every(({ update_id: id }) => id !== update.update_id)) this.#queue.push(update);
    const poller = this.#poller;
    this.#poller = undefined;
    if (poller) poller.resolve([...this.#queue]);
    else this.#redelivered.add(update.update_id);
  }

  async #push(update: FakeUpdate, { url, secret }: { readonly url: string; readonly secret: string }): Promise<void> {
    const response = await fetch(new URL(new URL(url).pathname, this.webhookTarget), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
      body: JSON.stringify(update),
    });
    if (response.status !== 200) throw new Error(`the webhook answered ${response.status}`);
  }
}
