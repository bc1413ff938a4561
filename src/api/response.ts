import type { Readable } from 'node:stream';
import { maxResponseBytes } from './limits.ts';
import { singleLine, redact } from './redact.ts';

export interface HttpResponse {
  readonly status: number;
  /** Returns the value of a header, or the first of several. `name` is in lowercase. */
  header(this: void, name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

/** How many bytes are buffered while the consumer is busy, for example writing to the disk. */
const readAhead = 1024 * 1024;

/**
 * Starts to collect the chunks of a body. Unlike `for await` on the stream itself, iterating yields the bytes that
 * arrived before a failure and only then throws, so that a download can be resumed after them. A failure before the
 * first iteration isn't missed either.
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
  // This listener is never removed, because destroying an unread body emits an error that can be ignored.
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

/** The body is larger than any response from the API should be. */
export class ResponseTooLargeError extends Error {}

/** A response with its complete body. */
export interface TextResponse {
  readonly status: number;
  header(this: void, name: string): string | undefined;
  readonly text: string;
  /** The parsed JSON, or undefined if the body isn't JSON. */
  readonly json: unknown;
  /** Whether the response is a web page, so that it can't be from the API. */
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
  /** Whether the response has the format of the API's errors. */
  readonly fromApi: boolean;
}

/**
 * Reads why the server refused: from `{ message }` until August 2026, from `{ code, message }` since then, or from the
 * XML of an S3-compatible storage service.
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
