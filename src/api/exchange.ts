import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { HumanError } from '../shared/message.ts';
import { arrivals } from './arrivals.ts';
import { ApiError, type ApiErrorDetails, type Operation } from './errors.ts';
import type { CallLimits } from './limits.ts';
import type { Connections } from './network.ts';
import { DeadlineError, networkFailure } from './networkFailure.ts';
import { safeCause } from './redact.ts';

export interface OutgoingBody {
  readonly bytes: number;
  /** Made for this one sending. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface Outgoing {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: OutgoingBody;
  readonly limits: CallLimits;
  readonly signal?: AbortSignal | undefined;
  /** Not on a connection that was used before. */
  readonly fresh?: boolean;
}

export interface Answer {
  readonly status: number;
  /** A header's value by its lower-case name; of several, the first. */
  header(this: void, name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface Wire {
  readonly connections: Connections;
  /** What must not be in any error: the key. */
  readonly secrets: readonly string[];
  readonly log: { trace(message: string): void };
}

interface Progress {
  proxied: boolean;
  /** Where the request's body is: not a byte of the request was sent while it waits. */
  stage: 'waiting' | 'sending' | 'sent';
}

/**
 * Sends one request, once, and gives the answer to `use`, whatever its status is. Follows no redirect.
 * Throws `ApiError` for all that can go wrong on the way, what `use` throws, or the signal's reason when aborted.
 */
export async function exchange<T>(
  wire: Wire,
  out: Outgoing,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const { signal, limits } = out;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const deadline =
    limits.total === undefined
      ? undefined
      : setTimeout(() => controller.abort(new DeadlineError('The call took too long.')), limits.total);

  const at: Progress = { proxied: false, stage: 'waiting' };
  const begun = performance.now();
  let body: Dispatcher.ResponseData['body'] | undefined;
  let outcome = 'no answer';
  try {
    const { dispatcher, proxied } = await wire.connections.to(out.url, out.fresh);
    at.proxied = proxied;
    const reply = await dispatcher.request({
      origin: out.url.origin,
      path: out.url.pathname + out.url.search,
      method: out.method,
      headers: { ...out.headers, ...(out.body && { 'content-length': String(out.body.bytes) }) },
      // undici takes any async iterable; its types know only streams.
      body: out.body ? (watched(out.body.chunks, at) as unknown as Readable) : null,
      headersTimeout: limits.headers,
      bodyTimeout: limits.idle,
      signal: controller.signal,
    });
    body = reply.body;
    outcome = String(reply.statusCode);
    return await use({
      status: reply.statusCode,
      header: name => first(reply.headers[name]),
      body: arrivals(body),
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof ApiError) throw error;
    outcome += `, failed (${reasonOf(error)})`;
    throw translate(error, wire, out, at);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
    body?.destroy();
    const took = Math.round(performance.now() - begun);
    wire.log.trace(
      `${out.operation}: ${out.method} ${out.url.host}${apiPath(out)} → ${outcome} in ${took} ms`,
    );
  }
}

/** undici asks for the first chunk when the connection stands and the request is about to be written. */
async function* watched(chunks: AsyncIterable<Uint8Array>, at: Progress): AsyncGenerator<Uint8Array> {
  at.stage = 'sending';
  yield* chunks;
  at.stage = 'sent';
}

function translate(error: unknown, { secrets }: Wire, { operation, url }: Outgoing, at: Progress): ApiError {
  const details: ApiErrorDetails = {
    operation,
    transient: false,
    mayHaveBeenCreated: operation === 'create' && at.stage !== 'waiting',
  };
  // What is wrong with the settings or a file of this machine says so itself.
  if (error instanceof HumanError) {
    const { key, args } = error.text;
    return new ApiError(key, details, {
      ...(args && { args }),
      ...(error.suggestedAction && { suggestedAction: error.suggestedAction }),
      cause: error.cause,
    });
  }
  const cause = safeCause(error, secrets);
  const found = networkFailure(error, { proxied: at.proxied, sending: at.stage === 'sending' });
  if (!found) return new ApiError('error.unexpected', details, { cause, suggestedAction: 'showLog' });
  if (details.mayHaveBeenCreated) {
    return new ApiError('api.create.unsure', details, { cause, suggestedAction: 'openLibrary' });
  }
  const args = {
    host: url.host,
    ...(found.code && { code: found.code }),
    ...(found.proxyStatus && { status: found.proxyStatus }),
  };
  const settings = /^api\.(?:proxy\.|network\.certificate$)/u.test(found.key);
  return new ApiError(
    found.key,
    { ...details, transient: found.transient },
    { args, cause, suggestedAction: settings ? 'openSettings' : 'retry' },
  );
}

const reasonOf = (error: unknown): string => {
  if (error instanceof HumanError) return error.text.key;
  if (error instanceof Error) {
    return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  }
  return 'unknown';
};

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** The path of an API call; of a signed URL nothing. */
const apiPath = ({ operation, url }: Outgoing): string =>
  operation === 'upload' || operation === 'download' ? '' : url.pathname;
