import type { Readable } from 'node:stream';
import { maxResponseBytes } from './limits.ts';
import { singleLine, redact } from './redact.ts';

export interface HttpResponse {
  readonly status: number;
  /** A header's value by its lower-case name; the first of several. */
  header(this: void, name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** Bytes that are buffered while the consumer is busy (writing to the disk). */
const readAhead = 1024 * 1024;

/**
 * The chunks of a body, collected from this call on. Unlike `for await` on the stream itself, it yields what arrived
 * before a failure and only then throws, so that a download can be resumed after it; and a failure before the first
 * iteration isn't missed.
 */
export function readBody(body: Readable): AsyncIterable<Uint8Array> {
  const queue: Uint8Array[] = [];
  let buffered = 0;
  let end: { readonly error?: unknown } | undefined;
  let wake = (): void => {};
  const finish = (how: { readonly error?: unknown }): void => {
    end ??= how;
    wake();
  };
  body.on('data', (chunk: Uint8Array) => {
    queue.push(chunk);
    buffered += chunk.byteLength;
    if (buffered >= readAhead) body.pause();
    wake();
  });
  body.once('end', () => finish({}));
  // Never removed: destroying an unread body emits an error that can be ignored.
  body.on('error', (error: unknown) => finish({ error }));
  body.once('close', () => {
    finish({ error: Object.assign(new Error('The response ended early'), { code: 'ECONNRESET' }) });
  });

  async function* iterate(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const chunk = queue.shift();
      if (chunk) {
        buffered -= chunk.byteLength;
        if (buffered < readAhead && body.isPaused()) body.resume();
        yield chunk;
      } else if (end) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>(resolve => (wake = resolve));
      }
    }
  }
  return iterate();
}

/** The body is larger than any response of the API. */
export class ResponseTooLargeError extends Error {}

/** A response with its complete body. */
export interface TextResponse {
  readonly status: number;
  header(this: void, name: string): string | undefined;
  readonly text: string;
  /** The parsed JSON; undefined when it isn't JSON. */
  readonly json: unknown;
  /** It is a web page, so it doesn't come from the API. */
  readonly html: boolean;
}

/** @throws ResponseTooLargeError */
export async function readText({ status, header, body }: HttpResponse): Promise<TextResponse> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > maxResponseBytes) throw new ResponseTooLargeError(`More than ${maxResponseBytes} bytes.`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks, bytes).toString('utf8');
  const html = /\bhtml\b/iu.test(header('content-type') ?? '') || /^\s*<(?:!doctype|html)/iu.test(text);
  return { status, header, json: html ? undefined : parseJson(text), html, text };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Refusal {
  readonly code: string | undefined;
  /** The server's message, safe to show as plain text. */
  readonly words: string | undefined;
  /** It has the form of the API's errors. */
  readonly fromApi: boolean;
}

/**
 * Why the server refused: `{ message }` until August 2026, `{ code, message }` since then, or the XML of an
 * S3-compatible storage.
 */
export function readRefusal(
  { json, text }: Pick<TextResponse, 'json' | 'text'>,
  secrets: readonly string[],
): Refusal {
  const clean = (words: unknown): string | undefined =>
    typeof words === 'string' ? singleLine(redact(words, secrets)) || undefined : undefined;
  if (isRecord(json)) {
    const inner = isRecord(json['error']) ? json['error'] : json;
    const words = clean(inner['message']) ?? clean(json['error']);
    const code = clean(inner['code'])?.slice(0, 64);
    return { code, words, fromApi: words !== undefined || code !== undefined };
  }
  const xml = (name: string): string | undefined =>
    clean(new RegExp(`<${name}>([^<]{1,2000})</${name}>`, 'u').exec(text.slice(0, 10_000))?.[1]);
  return { code: xml('Code')?.slice(0, 64), words: xml('Message'), fromApi: false };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
