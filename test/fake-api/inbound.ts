import { setTimeout as delay } from 'node:timers/promises';
import { breakOff } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { Faults } from './faults.ts';

/** The request's body did not arrive whole, by the client's or a fault's doing; there is nothing to answer. */
export class BodyLost extends Error {}

/**
 * The request's body, chunk by chunk, with the faults that strike while it is read: a hold or a reset at a byte, and
 * slow reading. Throws {@link BodyLost}.
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

/** Reads the body to its end, for answers that do not depend on it. */
export async function drain(exchange: Exchange, faults: Faults): Promise<void> {
  for await (const _ of readBody(exchange, faults));
}

/** The whole body as text. A JSON body has no business being larger than this. */
export async function readText(exchange: Exchange, faults: Faults, limit = 1024 * 1024): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of readBody(exchange, faults)) {
    length += chunk.length;
    if (length <= limit) chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The time `bytes` take at that speed, cut short when the connection is gone. */
export async function trickle(bytes: number, bytesPerSecond: number, gone: AbortSignal): Promise<void> {
  await delay((bytes / bytesPerSecond) * 1000, undefined, { signal: gone }).catch(() => undefined);
}
