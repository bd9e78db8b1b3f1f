import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';

/** What happens on a connection. */
export interface SocketEvents {
  message(text: string): void;
  closed(): void;
}

const server = new WebSocketServer({ noServer: true });

/** The server's side of one WebSocket: whole text messages, and every way to close it. */
export class FakeWebSocket {
  readonly #events: SocketEvents;
  #socket: WebSocket | undefined;
  #over = false;

  constructor(request: IncomingMessage, stream: Duplex, events: SocketEvents) {
    this.#events = events;
    server.handleUpgrade(request, stream, Buffer.alloc(0), (socket) => {
      this.#socket = socket;
      socket.on('message', (data: Buffer) => this.#over || events.message(data.toString()));
      socket.on('error', () => this.drop());
      socket.on('close', () => this.#end());
    });
  }

  send(text: string): void {
    if (!this.#over) this.#socket?.send(text);
  }

  /** Closes as the protocol wants it, with a code. */
  close(code: number): void {
    if (this.#over) return;
    this.#socket?.close(code);
    this.#end();
  }

  /** Cuts the line without a word. */
  drop(): void {
    this.#socket?.terminate();
    this.#end();
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.closed();
  }
}
