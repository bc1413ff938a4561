import { once } from 'node:events';
import { breakOff } from './exchange.ts';
import type { Exchange } from './exchange.ts';
import type { Faults } from './faults.ts';
import { trickle } from './inbound.ts';
import type { Reply } from './reply.ts';
import { isObject } from './shape.ts';

/** Sends a response, or as much of it as the fault allows. */
export async function send(exchange: Exchange, reply: Reply, faults: Faults): Promise<void> {
  const { response, fault } = exchange;
  const half = Math.floor(reply.body.length / 2);
  switch (fault?.kind) {
    case 'oversize':
      return await pour(exchange, reply, fault.bytes ?? Infinity);
    case 'slow':
      if (exchange.route.operation === 'put') break;
      return await drip(exchange, reply, fault.bytesPerSecond);
    case 'stall': {
      const at = fault.atByte ?? half;
      await begin(exchange, reply, at);
      if ((await faults.hold(exchange.record, exchange.gone)) === 'continue') {
        response.end(reply.body.subarray(at));
        return await finished(exchange);
      }
      return breakOff(exchange);
    }
    case 'truncate':
      await begin(exchange, reply, fault.atByte ?? half);
      exchange.broken = true;
      response.destroy();
      return;
    case 'reset':
      if (fault.when !== 'reply') break;
      await begin(exchange, reply, fault.atByte ?? half);
      return breakOff(exchange);
    default:
      break;
  }
  response.writeHead(reply.status, withLength(reply));
  response.end(reply.body);
  return await finished(exchange);
}

/** Applies a fault to the response. */
export function distort({ fault }: Exchange, reply: Reply): Reply {
  if (fault?.kind === 'malformed') {
    const whole = reply.body.toString('utf8');
    return { ...reply, body: Buffer.from(fault.text ?? whole.slice(0, Math.floor(whole.length / 2))) };
  }
  if (fault?.kind !== 'edit') return reply;
  const value: unknown = JSON.parse(reply.body.toString('utf8'));
  for (const path of fault.drop ?? []) edit(value, path.split('.'), undefined);
  for (const [path, replacement] of Object.entries(fault.set ?? {}))
    edit(value, path.split('.'), replacement);
  return { ...reply, body: Buffer.from(JSON.stringify(value)) };
}

/** Sets or removes the member at a path in `value`. A path that doesn't exist changes nothing. */
function edit(value: unknown, [name, ...rest]: string[], replacement: unknown): void {
  if (name === undefined || (!isObject(value) && !Array.isArray(value))) return;
  const holder = value as Record<string, unknown>;
  if (rest.length > 0) edit(holder[name], rest, replacement);
  else if (replacement === undefined) delete holder[name];
  else holder[name] = replacement;
}

/** Announces the complete body and sends its first `length` bytes. */
async function begin({ response, gone }: Exchange, reply: Reply, length: number): Promise<void> {
  response.writeHead(reply.status, withLength(reply));
  response.flushHeaders();
  const part = reply.body.subarray(0, length);
  if (part.length === 0 || gone.aborted) return;
  await new Promise<void>(resolve => {
    response.write(part, () => resolve());
    gone.addEventListener('abort', () => resolve(), { once: true });
  });
}

async function drip(exchange: Exchange, reply: Reply, bytesPerSecond: number): Promise<void> {
  const { response, gone } = exchange;
  const step = Math.max(1, Math.ceil(bytesPerSecond / 20));
  await begin(exchange, reply, 0);
  for (let at = 0; at < reply.body.length && !gone.aborted; at += step) {
    const part = reply.body.subarray(at, at + step);
    response.write(part);
    await trickle(part.length, bytesPerSecond, gone);
  }
  response.end();
  return await finished(exchange);
}

/** Starts like the real response, so that a client can notice the excess only by counting bytes. */
async function pour(exchange: Exchange, reply: Reply, bytes: number): Promise<void> {
  const { response, gone } = exchange;
  const { 'content-length': _, ...headers } = reply.headers;
  response.writeHead(reply.status, headers);
  response.write(reply.body.subarray(0, -1));
  const filling = Buffer.alloc(64 * 1024, ' ');
  for (let sent = 0; sent < bytes && !gone.aborted; sent += filling.length) {
    if (!response.write(filling)) await once(response, 'drain', { signal: gone }).catch(() => undefined);
  }
  response.end();
  return await finished(exchange);
}

function withLength(reply: Reply): Record<string, string> {
  // A 204 has no body and must not announce one.
  return reply.status === 204
    ? { ...reply.headers }
    : { ...reply.headers, 'content-length': String(reply.body.length) };
}

async function finished({ response, gone }: Exchange): Promise<void> {
  if (response.writableFinished || gone.aborted) return;
  await once(response, 'finish', { signal: gone }).catch(() => undefined);
}
