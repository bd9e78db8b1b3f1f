import { createHmac, timingSafeEqual } from 'node:crypto';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Update } from 'telegraf/types';
import { createListener, type Listener } from '../listener.js';

/** Updates hold words and ids, never files. */
const MAX_BODY = 1024 * 1024;
const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

/** Where updates are pushed to. */
export interface WebhookPlace {
  /** The public https address that Telegram calls, as a proxy in front of this program serves it. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

/** The secret Telegram shows with every update; it follows from the bot's token, so a restart changes nothing. */
export function webhookSecret(token: string): string {
  return createHmac('sha256', token).update('likeness webhook').digest('hex');
}

export interface WebhookOptions extends WebhookPlace {
  readonly secret: string;
  /** Takes an update: resolves when it need not be sent again; work it causes goes on after it was taken. */
  readonly take: (update: Update) => Promise<void>;
}

/** Listens for updates. A request without the secret is refused, and so is one larger than an update. */
export async function startWebhook({ url, host, port, secret, take }: WebhookOptions): Promise<Listener> {
  const app = new Hono();
  app.post(
    new URL(url).pathname,
    async (context, next) => {
      if (sameText(context.req.header(SECRET_HEADER) ?? '', secret)) return next();
      return context.body(null, 401);
    },
    bodyLimit({ maxSize: MAX_BODY }),
    async (context) => {
      const update: unknown = await context.req.json().catch(() => undefined);
      if (!isUpdate(update)) return context.body(null, 400);
      await take(update);
      return context.body(null, 200);
    },
  );
  const listener = createListener();
  const place = { host, port, setting: 'TELEGRAM_WEBHOOK_HOST' };
  const answer = getRequestListener(app.fetch);
  await listener.start((request, response) => void answer(request, response), place);
  return listener;
}

function isUpdate(value: unknown): value is Update {
  return typeof value === 'object' && value !== null && 'update_id' in value && typeof value.update_id === 'number';
}

/** Compares in a time that does not depend on where two texts differ, nor on their lengths. */
function sameText(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHmac('sha256', expected).update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}
