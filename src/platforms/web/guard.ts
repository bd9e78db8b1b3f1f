import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { secureHeaders } from 'hono/secure-headers';

/** By what the program is reached. */
export interface Reached {
  /** The name or address it listens on. */
  readonly host: string;
  /** Addresses that it is reached by from outside, by a proxy for example. */
  readonly publicUrls: readonly string[];
  /** What is said to those who reach it by another, in their language. */
  readonly misdirected: (context: Context) => string;
}

/**
 * Refuses requests that another site made a browser send. The Host header must be an address, a name of this machine or one
 * that the operator chose: a foreign name that was made to resolve to this machine (DNS rebinding) is none of them. What
 * changes something must come from the page itself, which a proxy may have served by https.
 */
export function guardOrigin({ host, publicUrls, misdirected }: Reached): MiddlewareHandler {
  const own = publicUrls.map((url) => new URL(url));
  const names = new Set([host, ...machineNames(), ...own.map(({ hostname: name }) => name)].map(lower));
  return async (context, next) => {
    const given = context.req.header('host') ?? '';
    if (!isOwnName(given, names)) return context.text(misdirected(context), 421);
    const { method } = context.req;
    const safe = method === 'GET' || method === 'HEAD';
    const origins = [`http://${given}`, `https://${given}`, ...own.map(({ origin }) => origin)];
    if (!safe && !origins.includes(context.req.header('origin') ?? '')) return context.text(misdirected(context), 403);
    const site = context.req.header('sec-fetch-site') ?? 'same-origin';
    const navigation = context.req.path === '/' && safe;
    if (!navigation && site !== 'same-origin' && site !== 'none') return context.text('Forbidden', 403);
    return next();
  };
}

/**
 * Whether a request came from this very machine, and not through a proxy on it. Some say nothing of themselves; what is sent
 * through them still comes from a page of another name.
 */
export function isOperator(context: Context): boolean {
  const { address = '' } = getConnInfo(context).remote;
  const forwarded = ['forwarded', 'x-forwarded-for', 'via'].some((name) => context.req.header(name) !== undefined);
  const origin = context.req.header('origin');
  const names = [context.req.header('host') ?? '', ...(origin === undefined ? [] : [origin.replace(/^\w+:\/\//, '')])];
  return !forwarded && LOOPBACK.test(address) && names.every((name) => isLoopback(hostNameOf(name) ?? ''));
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** Names that browsers take for their own machine, whatever servers of names say. */
function isLoopback(name: string): boolean {
  return (isIP(name) !== 0 && LOOPBACK.test(name)) || /^(?:.+\.)?localhost$/.test(name);
}

/** What the machine is called, and what its network calls it without a server of names. */
function machineNames(): readonly string[] {
  const [first = ''] = hostname().split('.');
  return [hostname(), `${first}.local`];
}

const lower = (name: string): string => name.toLowerCase();

function isOwnName(given: string, names: ReadonlySet<string>): boolean {
  const name = hostNameOf(given);
  return name !== undefined && (isIP(name) !== 0 || isLoopback(name) || names.has(name));
}

function hostNameOf(given: string): string | undefined {
  return URL.canParse(`http://${given}`)
    ? new URL(`http://${given}`).hostname.replace(/^\[(.*)\]$|\.$/, '$1').toLowerCase()
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
