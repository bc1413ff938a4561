import { setTimeout as delay } from 'node:timers/promises';
import { breakOff } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { Faults } from './faults.ts';

/** Thrown if the client or a fault cut off the request body, so that there is nothing to respond to. */
export class BodyLost extends Error {}

/**
 * Yields the request body in chunks and applies the faults that affect reading: a hold or a reset at a byte, and slow
 * reading.
 * @throws BodyLost
 */
export async function* readBody(exchange: Exchange, faults: Faults): AsyncGenerator<Buffer> {
  const { fault, request, record } = exchange;
  let read = 0;
  let pending = (fault?.kind === 'reset' || fault?.kind === 'hold') && fault.atByte !== undefined;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      read += chunk.length;
      record.bytes = read;
      if (fault?.kind === 'slow') await trickle(chunk.length, fault.bytesPerSecond, exchange.gone);
      if (pending && fault && 'atByte' in fault && read >= (fault.atByte ?? 0)) {
        pending = false;
        const how = fault.kind === 'hold' ? await faults.hold(record, exchange.gone) : 'reset';
        if (how === 'reset') breakOff(exchange);
        if (how !== 'continue') throw new BodyLost();
      }
      yield chunk;
    }
  } catch (cause) {
    throw new BodyLost('the body broke off', { cause });
  }
  if (!request.complete) throw new BodyLost('the body broke off');
}

/** Reads the body to its end, for responses that don't depend on it. */
export async function drain(exchange: Exchange, faults: Faults): Promise<void> {
  for await (const _ of readBody(exchange, faults));
}

/** Reads the complete body as text. No JSON body should be larger than `limit`. */
export async function readText(exchange: Exchange, faults: Faults, limit = 1024 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readBody(exchange, faults)) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Waits for the time that `bytes` take at this speed, or until the connection is closed. */
export async function trickle(bytes: number, bytesPerSecond: number, gone: AbortSignal): Promise<void> {
  await delay((bytes / bytesPerSecond) * 1000, undefined, { signal: gone }).catch(() => undefined);
}
