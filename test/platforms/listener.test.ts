import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { test } from 'node:test';
import { createListener } from '../../src/platforms/listener.js';

test('whoever opens connection after connection takes up a thousand at most, and those there are served', async () => {
  const listener = createListener();
  await listener.start((_, response) => void response.end('here'), { host: '127.0.0.1', port: 0, setting: 'HOST' });
  const bound = listener.server.address();
  assert.ok(typeof bound === 'object' && bound !== null);
  const sockets: Socket[] = [];
  const dropped = once(listener.server, 'drop');
  const first = connect(bound.port, '127.0.0.1');
  await once(first, 'connect');
  for (let count = 0; count < 1000; count++) {
    const socket = connect(bound.port, '127.0.0.1');
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    sockets.push(socket);
  }
  await dropped;
  first.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
  assert.match(String((await once(first, 'data'))[0]), /^HTTP\/1\.1 200 /);
  for (const socket of [first, ...sockets]) socket.destroy();
  await listener.stop();
});

test('a request has to be there whole sooner than Node would wait for it', () => {
  assert.ok(createListener().server.requestTimeout < createServer().requestTimeout);
});
