import { DefaultRestOptions, type ResponseLike, type RESTOptions } from 'discord.js';

/** What acknowledges an interaction. */
const CALLBACK = /\/interactions\/(?<id>\d+)\/[^/]+\/callback(?:\?|$)/;
/** Codes of a connection that ended before the answer came: closed by the other side, or reset. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET']);
const BAD_REQUEST = 400;
/** The interaction was acknowledged already. */
const ACKNOWLEDGED = 40_060;

/**
 * Requests under way at a time, each with a connection of its own: at a tenth of a second for each, a thousand a second. Where more are
 * opened at once than the other side accepts, connections are never made, and an acknowledgement that waits for one is lost.
 */
const TOGETHER = 100;

type MakeRequest = RESTOptions['makeRequest'];

/**
 * Sends requests as discord.js does, `TOGETHER` at a time, acknowledgements before all that wait. An acknowledgement whose
 * connection was closed before it was answered, as happens to one that was kept and is closed for idling at this very moment, is sent
 * once more: had the first one arrived, Discord says so to the second, and both are as good as one.
 */
export function createMakeRequest(): MakeRequest {
  const gate = createGate(TOGETHER);
  return async (url, init) => {
    const interaction = CALLBACK.exec(url)?.groups?.['id'];
    const send = (): Promise<ResponseLike> =>
      gate(interaction !== undefined, () => DefaultRestOptions.makeRequest(url, init));
    try {
      return await send();
    } catch (error) {
      if (interaction === undefined || !isClosed(error)) throw error;
      return acceptAcknowledged(await send(), interaction);
    }
  };
}

/** Lets so many pieces of work go on at a time; of those that wait, the urgent ones go first. */
function createGate(together: number) {
  const [urgent, others]: [(() => void)[], (() => void)[]] = [[], []];
  let free = together;
  const enter = async (isUrgent: boolean): Promise<void> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => void (isUrgent ? urgent : others).push(resolve));
  };
  const leave = (): void => {
    const next = urgent.shift() ?? others.shift();
    if (next) next();
    else free++;
  };
  return async <Value>(isUrgent: boolean, work: () => Promise<Value>): Promise<Value> => {
    await enter(isUrgent);
    try {
      return await work();
    } finally {
      // A turn later the connection is known to be free; now the next request would open another one.
      setImmediate(leave);
    }
  };
}

function isClosed(error: unknown): boolean {
  return error instanceof Error && 'code' in error && CLOSED.has(String(error.code));
}

/** The answer to an acknowledgement sent twice: that it was acknowledged already is what was wanted. */
async function acceptAcknowledged(answer: ResponseLike, id: string): Promise<ResponseLike> {
  if (answer.status !== BAD_REQUEST) return answer;
  const text = await answer.text();
  if (codeOf(text) === ACKNOWLEDGED) return Response.json({ interaction: { id } });
  const { status, statusText } = answer;
  return new Response(text, { status, statusText, headers: { 'content-type': 'application/json' } });
}

function codeOf(text: string): unknown {
  try {
    const said: unknown = JSON.parse(text);
    return typeof said === 'object' && said !== null && 'code' in said ? said.code : undefined;
  } catch {
    return undefined;
  }
}
