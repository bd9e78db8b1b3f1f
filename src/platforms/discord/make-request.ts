import { DefaultRestOptions, type ResponseLike, type RESTOptions } from 'discord.js';

/** What acknowledges an interaction. */
const CALLBACK = /\/interactions\/(?<id>\d+)\/[^/]+\/callback(?:\?|$)/;
/** Codes of a connection that ended before the answer came: closed by the other side, or reset. */
const CLOSED = new Set(['UND_ERR_SOCKET', 'ECONNRESET']);
const BAD_REQUEST = 400;
/** The interaction was acknowledged already. */
const ACKNOWLEDGED = 40_060;

type MakeRequest = RESTOptions['makeRequest'];

/**
 * Sends requests as discord.js does, but for acknowledgements whose connection was closed before they were answered, as
 * happens to one that was kept and is closed for idling at this very moment: they are sent once more. Had the first one
 * arrived, Discord says so to the second, and both are as good as one.
 */
export const makeRequest: MakeRequest = async (url, init) => {
  const interaction = CALLBACK.exec(url)?.groups?.['id'];
  try {
    return await DefaultRestOptions.makeRequest(url, init);
  } catch (error) {
    if (interaction === undefined || !isClosed(error)) throw error;
    return acceptAcknowledged(await DefaultRestOptions.makeRequest(url, init), interaction);
  }
};

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
