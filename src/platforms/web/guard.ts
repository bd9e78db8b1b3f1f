import { isIP } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/**
 * Refuses requests that another site made a browser send. The Host header must be an address, `localhost` or the name
 * the operator chose: a foreign name that was made to resolve to this machine (DNS rebinding) is none of them. What
 * changes something must come from the page itself.
 */
export function guardOrigin(host: string): MiddlewareHandler {
  return async (context, next) => {
    const given = context.req.header('host');
    if (given === undefined || !isOwnName(given, host)) return context.text('Misdirected request', 421);
    const { method } = context.req;
    const safe = method === 'GET' || method === 'HEAD';
    if (!safe && context.req.header('origin') !== `http://${given}`) return context.text('Forbidden', 403);
    const site = context.req.header('sec-fetch-site') ?? 'same-origin';
    const navigation = context.req.path === '/' && safe;
    if (!navigation && site !== 'same-origin' && site !== 'none') return context.text('Forbidden', 403);
    return next();
  };
}

/** Whether a request came from this very machine, and not through a proxy on it. */
export function isOperator(context: Context): boolean {
  const { address = '' } = getConnInfo(context).remote;
  const forwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => context.req.header(name) !== undefined);
  return !forwarded && /^(::ffff:)?127\.|^::1$/.test(address);
}

function isOwnName(given: string, host: string): boolean {
  const name = hostNameOf(given);
  return name !== undefined && (isIP(name) !== 0 || name === 'localhost' || name === host.toLowerCase());
}

function hostNameOf(given: string): string | undefined {
  return URL.canParse(`http://${given}`)
    ? new URL(`http://${given}`).hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase()
    : undefined;
}

/** Headers that leave the page nothing but its own scripts, styles, pictures and the camera. */
export function pageHeaders(): MiddlewareHandler {
  return secureHeaders({
    strictTransportSecurity: false,
    referrerPolicy: 'no-referrer',
    crossOriginEmbedderPolicy: 'require-corp',
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'blob:'],
      mediaSrc: ["'self'", 'blob:'],
      connectSrc: ["'self'"],
      manifestSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
    },
    permissionsPolicy: { camera: ['self'], microphone: [], geolocation: [] },
  });
}
