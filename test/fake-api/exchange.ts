import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Action } from './faults.ts';
import type { RecordedRequest } from './journal.ts';
import type { Route } from './routes.ts';

/** One request under way. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly route: Route;
  readonly record: RecordedRequest;
  /** Fires when the connection is gone, whoever ended it. */
  readonly gone: AbortSignal;
  readonly fault: Action | undefined;
  /** Whether the fake API itself ended the connection. */
  broken: boolean;
}

/** Breaks the connection off so that the client sees a reset. */
export function breakOff(exchange: Exchange): void {
  // The request loses its socket when the connection ends, whatever the types say.
  const socket = exchange.request.socket as Socket | null;
  if (exchange.gone.aborted || !socket || socket.destroyed) return;
  exchange.broken = true;
  try {
    socket.resetAndDestroy();
  } catch {
    socket.destroy(); // a TLS socket cannot send the reset itself
  }
}
