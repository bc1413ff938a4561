import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Action } from './faults.ts';
import type { RecordedRequest } from './journal.ts';
import type { Route } from './routes.ts';

/** A request in progress. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: Route;
  readonly record: RecordedRequest;
  /** Aborts when the connection is closed by either side. */
  readonly gone: AbortSignal;
  readonly fault: Action | undefined;
  /** Whether the fake API closed the connection. */
  broken: boolean;
}

/** Resets the connection. */
export function breakOff(exchange: Exchange): void {
  // Despite the types, a request has no socket after its connection has closed.
  const socket = exchange.request.socket as Socket | null;
  if (exchange.gone.aborted || !socket || socket.destroyed) return;
  exchange.broken = true;
  try {
    socket.resetAndDestroy();
  } catch {
    socket.destroy(); // a TLS socket can't send the reset itself
  }
}
