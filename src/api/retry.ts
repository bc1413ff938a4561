import { ApiError } from './errors.ts';

/** Time and chance, so that tests can hold both. */
export interface Clock {
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

export interface RetryOptions {
  /** The first one included. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** What else than a transient failure may be tried again, or which one may not. */
  readonly mayRetry?: (error: ApiError) => boolean;
}

/** In milliseconds. */
const firstDelay = 1000;
const longestDelay = 30_000;
/** A server that asks for more is not waited for here: the caller knows better what to do with such a time. */
const longestRetryAfter = 300_000;

/**
 * How long to wait after the nth failure (from 0): anything up to a bound that doubles, so that many who failed
 * together do not come back together ("full jitter"); never less than the server asked for.
 */
export function backoff(failures: number, retryAfter: number | undefined, random: () => number): number {
  const bound = Math.min(firstDelay * 2 ** failures, longestDelay);
  if (retryAfter === undefined) return Math.round(random() * bound);
  return Math.round(retryAfter + random() * Math.min(bound, firstDelay));
}

/**
 * Runs an operation again when it failed in a way that passes. The operation must be one that does no harm when it is
 * done twice: never a create. Each attempt makes its own body. Throws the last failure, or the signal's reason.
 */
export async function retrying<T>(
  operation: (attempt: number) => Promise<T>,
  { attempts, clock, signal, mayRetry = error => error.details.transient }: RetryOptions,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      if (!(error instanceof ApiError) || error.details.mayHaveBeenCreated || !mayRetry(error)) throw error;
      const { retryAfter } = error.details;
      if (attempt + 1 >= attempts || (retryAfter ?? 0) > longestRetryAfter) throw error;
      await clock.wait(
        backoff(attempt, retryAfter, () => clock.random()),
        signal,
      );
    }
  }
}
