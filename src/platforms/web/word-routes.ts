import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Glossary } from '../../language/glossary.js';
import type { WordCheck } from '../../language/known-words.js';
import type { Env } from './sessions.js';

/** Words that the model does not know, as they were written but in small letters, and what was meant by mistyped ones. */
export type UnknownWords = Pick<WordCheck, 'unknown' | 'slips'>;

/** Bytes of a form with words; a prompt of any language is shorter. */
const MAX_FORM = 8 * 1024;

/** Says while words are written which of them the model does not know. Nothing is kept of them. */
export function createWordRoutes(
  glossary: Glossary,
  languageFor: (context: Context<Env>) => Promise<string>,
): Hono<Env> {
  const app = new Hono<Env>();
  app.post('/words', bodyLimit({ maxSize: MAX_FORM }), async (context) => {
    const { words } = await context.req.parseBody();
    const understood = typeof words === 'string' ? glossary.understand(words, await languageFor(context)) : '';
    const { unknown, slips } = glossary.check(understood);
    return context.json({ unknown, slips } satisfies UnknownWords);
  });
  return app;
}
