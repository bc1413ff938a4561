import { ApiError } from './errors.ts';

/** Provides time and randomness, so that tests can control both. */
export interface Clock {
  now(): number;
  /** Resolves after `ms` milliseconds, or rejects with the signal's reason when aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1. */
  random(): number;
}

const firstDelay = 1000;
const maxDelay = 60_000;
/** If a server or gateway asks to wait for hours, that must not delay a result that's ready in a minute. */
const maxRetryAfter = 120_000;

/** Whether the same request may succeed later. Never true for a create request that may have succeeded. */
export const isTransient = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.details.transient && !error.details.mayHaveBeenCreated;

/**
 * The milliseconds to wait after `failures` failures in a row (1 after the first). The delay grows exponentially. Half
 * of it is random, so that clients that failed together don't retry together. It's at least `retryAfter`, the delay
 * that the server asked for, up to two minutes.
 * @param random 0 ≤ x < 1
 */
export function backoff(failures: number, random: number, retryAfter = 0): number {
  const half = Math.min(firstDelay * 2 ** (failures - 1), maxDelay) / 2;
  return Math.round(Math.max(half, Math.min(retryAfter, maxRetryAfter)) + half * random);
}

/** The `backoff` delay after an error, or undefined if trying again can't help. */
export function retryDelay(error: unknown, failures: number, random: number): number | undefined {
  return isTransient(error) ? backoff(failures, random, error.details.retryAfter) : undefined;
}

export interface RetryOptions {
  /** Gives up after this many failures in a row. */
  readonly attempts: number;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Called after a failure. Returns whether the attempt got further than all earlier ones, which resets the count. */
  readonly hasProgressed?: () => boolean;
}

/** Longer delays are left to the caller, which can show them. */
const maxSilentDelay = 15_000;

/**
 * Runs an idempotent operation (never a create request) until it succeeds, fails permanently, has failed `attempts`
 * times in a row, or would have to wait too long. Throws the last failure or the signal's reason.
 */
export async function retrying<T>(
  operation: (attempt: number) => Promise<T>,
  { attempts, clock, signal, hasProgressed }: RetryOptions,
): Promise<T> {
  let failures = 0;
  for (let attempt = 0; ; attempt++) {
    signal?.throwIfAborted();
    try {
      return await operation(attempt);
    } catch (error) {
      failures = hasProgressed?.() ? 1 : failures + 1;
      const delay = retryDelay(error, failures, clock.random());
      if (delay === undefined || delay > maxSilentDelay || failures >= attempts) throw error;
      await clock.wait(delay, signal);
    }
  }
}

/**
 * Converts a `Retry-After` header, which contains seconds or an HTTP date (RFC 9110, 10.2.3), to milliseconds from now.
 * A date is compared with the response's own `Date`, so that a wrong clock on this machine doesn't matter.
 */
export function parseRetryAfter(
  value: string | undefined,
  date: string | undefined,
  now: number,
): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d{1,9}$/u.test(text)) return Number(text) * 1000;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  const from = date === undefined ? Number.NaN : Date.parse(date);
  return Math.max(at - (Number.isNaN(from) ? now : from), 0);
}
