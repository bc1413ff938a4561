import type { Answer } from './exchange.ts';
import { longestReply } from './limits.ts';
import { plainText, redact } from './redact.ts';

/** An answer's body was larger than anything the API says. */
export class ReplyTooLarge extends Error {}

/** What an answer holds, read whole. */
export interface Reply {
  readonly status: number;
  header(this: void, name: string): string | undefined;
  /** The parsed JSON; undefined when it is none. */
  readonly json: unknown;
  /** It is a web page: something else than the API answered. */
  readonly html: boolean;
  readonly text: string;
}

/** Reads an answer of the API. Throws `ReplyTooLarge` beyond 4 MiB. */
export async function readReply(answer: Answer): Promise<Reply> {
  const text = await readText(answer, longestReply);
  const html =
    /\bhtml\b/iu.test(answer.header('content-type') ?? '') || /^\s*<(?:!doctype|html)/iu.test(text);
  return { status: answer.status, header: answer.header, json: html ? undefined : parse(text), html, text };
}

async function readText(answer: Answer, limit: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw new ReplyTooLarge(`More than ${limit} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, bytes).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface Refusal {
  readonly code: string | undefined;
  /** The server's words, fit to be shown as plain text. */
  readonly words: string | undefined;
  /** It had one of the API's error envelopes. */
  readonly enveloped: boolean;
}

/**
 * Why the server refused: `{ message }` until August 2026, `{ code, message }` since then, or what a storage that
 * speaks S3's XML says.
 */
export function readRefusal(
  { json, text }: Pick<Reply, 'json' | 'text'>,
  secrets: readonly string[],
): Refusal {
  const clean = (words: unknown): string | undefined =>
    typeof words === 'string' ? plainText(redact(words, secrets)) || undefined : undefined;
  if (isRecord(json)) {
    const inner = isRecord(json['error']) ? json['error'] : json;
    const words = clean(inner['message']) ?? clean(json['error']);
    const code = clean(inner['code'])?.slice(0, 64);
    return { code, words, enveloped: words !== undefined || code !== undefined };
  }
  const xml = (name: string): string | undefined =>
    clean(new RegExp(`<${name}>([^<]{1,2000})</${name}>`, 'u').exec(text.slice(0, 10_000))?.[1]);
  return { code: xml('Code')?.slice(0, 64), words: xml('Message'), enveloped: false };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
