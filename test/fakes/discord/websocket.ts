import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const TEXT = 1;
const CLOSE = 8;
const PING = 9;
const PONG = 10;

/** What happens on a connection. */
export interface SocketEvents {
  message(text: string): void;
  closed(): void;
}

/** The server's side of one WebSocket (RFC 6455): whole text messages, pings, and closing with a code. */
export class FakeWebSocket {
  readonly #stream: Duplex;
  readonly #events: SocketEvents;
  #received = Buffer.alloc(0);
  #over = false;

  constructor(request: IncomingMessage, stream: Duplex, events: SocketEvents) {
    this.#stream = stream;
    this.#events = events;
    const accept = createHash('sha1').update(`${request.headers['sec-websocket-key']}${GUID}`).digest('base64');
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
    stream.write(`${head.join('\r\n')}\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
    stream.on('data', (chunk: Buffer) => this.#take(chunk));
    stream.on('error', () => this.drop());
    stream.on('close', () => this.#end());
  }

  send(text: string): void {
    if (!this.#over) this.#stream.write(frame(TEXT, Buffer.from(text)));
  }

  /** Closes as the protocol wants it, with a code. */
  close(code: number): void {
    if (this.#over) return;
    const payload = Buffer.alloc(2);
    payload.writeUInt16BE(code);
    this.#stream.end(frame(CLOSE, payload));
    this.#end();
  }

  /** Cuts the line without a word. */
  drop(): void {
    this.#stream.destroy();
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.closed();
  }

  #take(chunk: Buffer): void {
    this.#received = Buffer.concat([this.#received, chunk]);
    for (let next = readFrame(this.#received); next && !this.#over; next = readFrame(this.#received)) {
      this.#received = this.#received.subarray(next.length);
      if (next.opcode === TEXT) this.#events.message(next.payload.toString());
      if (next.opcode === PING) this.#stream.write(frame(PONG, next.payload));
      if (next.opcode === CLOSE) this.close(next.payload.length >= 2 ? next.payload.readUInt16BE() : 1000);
    }
  }
}

interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly length: number;
}

/** A client's frame, which is always masked; undefined while it is not complete. */
function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 2) return undefined;
  const short = bytes.readUInt8(1) & 127;
  const extra = short === 126 ? 2 : short === 127 ? 8 : 0;
  const start = 2 + extra + 4;
  if (bytes.length < start) return undefined;
  const size = extra === 2 ? bytes.readUInt16BE(2) : extra === 8 ? Number(bytes.readBigUInt64BE(2)) : short;
  if (bytes.length < start + size) return undefined;
  const mask = bytes.subarray(start - 4, start);
  const payload = Buffer.from(bytes.subarray(start, start + size));
  for (let index = 0; index < size; index++) payload[index] = payload.readUInt8(index) ^ mask.readUInt8(index % 4);
  return { opcode: bytes.readUInt8(0) & 15, payload, length: start + size };
}

function frame(opcode: number, payload: Buffer): Buffer {
  const head = Buffer.from([128 | opcode, payload.length < 126 ? payload.length : payload.length < 65_536 ? 126 : 127]);
  const size = Buffer.alloc(payload.length < 126 ? 0 : payload.length < 65_536 ? 2 : 8);
  if (size.length === 2) size.writeUInt16BE(payload.length);
  if (size.length === 8) size.writeBigUInt64BE(BigInt(payload.length));
  return Buffer.concat([head, size, payload]);
}
