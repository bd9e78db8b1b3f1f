import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a server on which cookies get lost, as in a browser that refuses them. */
export interface CookieDropper {
  readonly address: string;
  /** Paths that were asked for. */
  readonly asked: readonly string[];
  stop(): void;
}

/** Passes everything on to a server, and its answers back, but for cookies. */
export async function dropCookies(server: string): Promise<CookieDropper> {
  const asked: string[] = [];
  const proxy = createServer((received, answer) => {
    asked.push(received.url ?? '');
    const { method, headers } = received;
    const passed = request(new URL(received.url ?? '/', server), { method, headers }, (given) => {
      const { 'set-cookie': _, ...kept } = given.headers;
      answer.writeHead(given.statusCode ?? 0, kept);
      given.pipe(answer);
    });
    answer.on('close', () => passed.destroy());
    passed.on('error', () => answer.destroy());
    received.pipe(passed);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    asked,
    stop() {
      proxy.close();
      proxy.closeAllConnections();
    },
  };
}
