import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a server, as those who run one put it in front. */
export interface ReverseProxy {
  /** Ends with a slash. */
  readonly address: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  /** What the server sends on connections that are open now is lost from now on, and nobody is told: the network changed. */
  hush(): void;
  stop(): void;
}

export interface ProxyHabits {
  /** The path it serves the server below; it ends with a slash. */
  readonly below?: string;
  /** Cookies get lost, as in a browser that refuses them. */
  readonly dropsCookies?: true;
}

/** Passes everything on to a server, and its answers back. */
export async function openProxy(
  server: string,
  { below = '/', dropsCookies }: ProxyHabits = {},
): Promise<ReverseProxy> {
  const asked: string[] = [];
  const open = new Set<() => void>();
  const proxy = createServer((received, answer) => {
    const { method, headers, url = '/' } = received;
    asked.push(url);
    if (!url.startsWith(below)) return void answer.writeHead(404).end();
    const passed = request(new URL(url.slice(below.length - 1), server), { method, headers }, (given) => {
      const { 'set-cookie': cookies, ...kept } = given.headers;
      answer.writeHead(given.statusCode ?? 0, { ...kept, ...(cookies && !dropsCookies && { 'set-cookie': cookies }) });
      given.pipe(answer);
      const hush = (): void => void given.unpipe(answer).resume();
      open.add(hush);
      given.on('close', () => open.delete(hush));
    });
    answer.on('close', () => passed.destroy());
    passed.on('error', () => answer.destroy());
    received.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}${below}`,
    asked,
    hush() {
      for (const hush of open) hush();
      open.clear();
    },
    stop() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
