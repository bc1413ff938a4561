import type { Json } from './shape.ts';

/** A complete response, before it is sent or changed by a fault. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The kinds of mistakes that a client can make. Each kind is recorded once per request and fails the test. */
export const VIOLATION_KINDS = [
  'missing-authorization',
  'authorization-on-storage',
  'leaked-key',
  'unknown-route',
  'not-json',
  'malformed-json',
  'invalid-body',
  'unknown-field',
  'ignored-field',
  'above-plan',
  'wrong-extension',
  'clip-order',
  'clip-length',
  'bad-file-url',
  'unknown-file',
  'file-not-uploaded',
  'expired-file',
  'wrong-file-type',
  'put-without-length',
  'put-twice',
  'empty-put',
  'unsigned-url',
] as const;

export type ViolationKind = (typeof VIOLATION_KINDS)[number];

/**
 * Thrown if the API refuses a request. With `violation`, the client did something that a correct client never does.
 * Without `violation`, any client can be refused (wrong key, no credits, a limit that has changed).
 */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly violation: ViolationKind | undefined;

  constructor(status: number, message: string, options: { code?: string; violation?: ViolationKind } = {}) {
    super(message);
    this.status = status;
    this.code = options.code ?? ERROR_CODES[status] ?? 'unknown_error';
    this.violation = options.violation;
  }
}

const ERROR_CODES: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  401: 'unauthorized',
  402: 'insufficient_credits',
  404: 'not_found',
  422: 'unprocessable_entity',
  500: 'internal_server_error',
};

const ERROR_MESSAGES: Readonly<Record<number, string>> = {
  400: 'Missing request body',
  401: 'Unauthorized',
  402: 'Payment required',
  403: 'Forbidden',
  404: 'Not Found',
  422: 'Unable to create image',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
};

/** Newer deployments send `code` and `message`. Until August 2026, errors only had a `message`. */
export type Envelope = 'code' | 'message';

export function jsonReply(status: number, value: Json, headers: Record<string, string> = {}): Reply {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body };
}

export function emptyReply(status: number, headers: Record<string, string> = {}): Reply {
  return { status, headers, body: Buffer.alloc(0) };
}

export function errorReply(status: number, envelope: Envelope, message?: string, code?: string): Reply {
  const words = message ?? ERROR_MESSAGES[status] ?? 'Error';
  const name = code ?? ERROR_CODES[status];
  return jsonReply(status, envelope === 'code' && name ? { code: name, message: words } : { message: words });
}

export function htmlReply(status: number, html?: string, headers: Record<string, string> = {}): Reply {
  const title = `${status} ${ERROR_MESSAGES[status] ?? 'Error'}`;
  const page =
    html ?? `<html><head><title>${title}</title></head><body><h1>${title}</h1><hr>nginx</body></html>`;
  return { status, headers: { 'content-type': 'text/html', ...headers }, body: Buffer.from(page) };
}

/** The storage host's errors, in the format of S3. */
export function storageError(status: number, code: string): Reply {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(xml) };
}
