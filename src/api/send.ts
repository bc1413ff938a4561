import type { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import { HumanError } from '../shared/message.ts';
import type { Connections } from './connections.ts';
import { ApiError, type ApiErrorDetails, type Operation } from './errors.ts';
import type { CallLimits } from './limits.ts';
import { DeadlineError, networkFailure } from './networkFailure.ts';
import { safeCause } from './redact.ts';
import { type HttpResponse, readBody } from './response.ts';

export interface RequestBody {
  readonly bytes: number;
  /** Used for one request only. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

export interface HttpRequest {
  readonly operation: Operation;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: RequestBody;
  readonly limits: CallLimits;
  readonly signal?: AbortSignal | undefined;
  /** Whether to use a new connection. */
  readonly fresh?: boolean;
}

export interface Transport {
  readonly connections: Connections;
  /** Values that must not appear in any error, such as the key. */
  readonly secrets: readonly string[];
  readonly log: { trace(message: string): void };
}

interface Progress {
  proxied: boolean;
  /** During `waiting`, no byte of the request has been sent. */
  stage: 'waiting' | 'sending' | 'sent';
}

/**
 * Sends a request once and passes every response to `use`, including errors. Doesn't follow redirects.
 * Throws `ApiError` for any failure, including errors in `use`, or the signal's reason when aborted.
 */
export async function send<T>(
  transport: Transport,
  request: HttpRequest,
  use: (response: HttpResponse) => Promise<T>,
): Promise<T> {
  const { signal, limits } = request;
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', abort, { once: true });
  const deadline =
    limits.total === undefined
      ? undefined
      : setTimeout(() => controller.abort(new DeadlineError('The call took too long.')), limits.total);

  const progress: Progress = { proxied: false, stage: 'waiting' };
  const startedAt = performance.now();
  let body: Dispatcher.ResponseData['body'] | undefined;
  let outcome = 'no response';
  try {
    const { dispatcher, proxied } = await transport.connections.to(request.url, request.fresh);
    progress.proxied = proxied;
    const response = await dispatcher.request({
      origin: request.url.origin,
      path: request.url.pathname + request.url.search,
      method: request.method,
      headers: {
        ...request.headers,
        ...(request.body && { 'content-length': String(request.body.bytes) }),
      },
      // undici accepts any async iterable, but its types allow only streams.
      body: request.body ? (watched(request.body.chunks, progress) as unknown as Readable) : null,
      headersTimeout: limits.headers,
      bodyTimeout: limits.idle,
      signal: controller.signal,
    });
    body = response.body;
    outcome = String(response.statusCode);
    return await use({
      status: response.statusCode,
      header: name => first(response.headers[name]),
      body: readBody(body),
    });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof ApiError) throw error;
    outcome += `, failed (${reasonOf(error)})`;
    throw translate(error, transport, request, progress);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
    body?.destroy();
    const took = Math.round(performance.now() - startedAt);
    const { operation, method, url } = request;
    transport.log.trace(`${operation}: ${method} ${url.host}${apiPath(request)} → ${outcome} in ${took} ms`);
  }
}

/** Tracks the stage: undici asks for the first chunk when it has connected and is about to write the request. */
async function* watched(chunks: AsyncIterable<Uint8Array>, progress: Progress): AsyncGenerator<Uint8Array> {
  progress.stage = 'sending';
  yield* chunks;
  progress.stage = 'sent';
}

function translate(
  error: unknown,
  { secrets }: Transport,
  { operation, url }: HttpRequest,
  progress: Progress,
): ApiError {
  const details: ApiErrorDetails = {
    operation,
    transient: false,
    mayHaveBeenCreated: operation === 'create' && progress.stage !== 'waiting',
  };
  // Problems with settings or local files have their own messages.
  if (error instanceof HumanError) {
    const { key, args } = error.text;
    return new ApiError(key, details, {
      ...(args && { args }),
      ...(error.suggestedAction && { suggestedAction: error.suggestedAction }),
      cause: error.cause,
    });
  }
  const cause = safeCause(error, secrets);
  const failure = networkFailure(error, {
    proxied: progress.proxied,
    sending: progress.stage === 'sending',
  });
  if (!failure) return new ApiError('error.unexpected', details, { cause, suggestedAction: 'showLog' });
  if (details.mayHaveBeenCreated) {
    return new ApiError('api.create.unsure', details, { cause, suggestedAction: 'openLibrary' });
  }
  const args = {
    host: url.host,
    ...(failure.code && { code: failure.code }),
    ...(failure.proxyStatus && { status: failure.proxyStatus }),
  };
  const isSetting = /^api\.(?:proxy\.|network\.certificate$)/u.test(failure.key);
  return new ApiError(
    failure.key,
    { ...details, transient: failure.transient },
    { args, cause, suggestedAction: isSetting ? 'openSettings' : 'retry' },
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

/** The path of an API call. Empty for signed URLs, because they are secret. */
const apiPath = ({ operation, url }: HttpRequest): string =>
  operation === 'upload' || operation === 'download' ? '' : url.pathname;
