import { ApiError } from '../api/errors.ts';
import type { Clock } from './ports.ts';
import { backoff } from './schedule.ts';

export interface Watch<T> {
  /** One look. undefined: not yet. A transient `ApiError` is waited out; everything else thrown ends the watch. */
  readonly look: () => Promise<T | undefined>;
  /** Milliseconds until the next look. */
  readonly nextDelay: () => number;
  /** A look brought no answer; the next one comes in `delay` milliseconds. */
  readonly onTrouble?: (error: ApiError, delay: number) => void;
  readonly signal: AbortSignal;
}

interface Entry {
  readonly watch: Watch<unknown>;
  readonly settle: { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void };
  /** The delay that was asked for, and what is left of it. */
  delay: number;
  left: number;
  failures: number;
  isLooking: boolean;
}

/** Looks that may be under way at the same time. */
const width = 8;
/** Looks that are due nearly together are done together. */
const together = 50;

/**
 * Looks after everything that waits for the cloud, with one timer however much that is, and none when nothing is.
 * Counts the time that has passed by its own timer, so that a clock that jumps back delays nothing.
 */
export class Poller {
  readonly #clock: Clock;
  readonly #entries = new Set<Entry>();
  #wake = new AbortController();
  #isRunning = false;
  #looking = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Looks until there is something. Rejects with the signal's reason, or with what a look threw. */
  until<T>(watch: Watch<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (watch.signal.aborted) {
        reject(watch.signal.reason as Error);
        return;
      }
      const delay = watch.nextDelay();
      const settle = { resolve: resolve as (value: unknown) => void, reject };
      const entry: Entry = { watch, settle, delay, left: delay, failures: 0, isLooking: false };
      this.#entries.add(entry);
      watch.signal.addEventListener(
        'abort',
        () => this.#end(entry, () => reject(watch.signal.reason as Error)),
        {
          once: true,
        },
      );
      this.#wake.abort();
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#entries.size > 0) {
      this.#wake = new AbortController();
      const waiting = [...this.#entries].filter(entry => !entry.isLooking);
      const nearest = Math.min(...waiting.map(({ left }) => left), Number.POSITIVE_INFINITY);
      if (this.#looking < width && nearest <= together) {
        const due = waiting.filter(({ left }) => left <= together).toSorted((a, b) => a.left - b.left);
        for (const entry of due.slice(0, width - this.#looking)) void this.#look(entry);
        continue;
      }
      const pause = this.#looking < width && Number.isFinite(nearest) ? nearest : undefined;
      const before = this.#clock.now();
      const isDone = await this.#pause(pause);
      const passed = this.#clock.now() - before;
      const counted = isDone
        ? Math.max(pause ?? 0, passed)
        : Math.min(Math.max(passed, 0), pause ?? Number.POSITIVE_INFINITY);
      for (const entry of waiting) entry.left -= counted;
    }
    this.#isRunning = false;
  }

  /** Waits so long, or until woken (always, without a time). true: the time is over. */
  async #pause(ms: number | undefined): Promise<boolean> {
    const { signal } = this.#wake;
    if (signal.aborted) return false;
    if (ms === undefined) {
      await new Promise<void>(resolve => signal.addEventListener('abort', () => resolve(), { once: true }));
      return false;
    }
    try {
      await this.#clock.wait(ms, signal);
      return true;
    } catch {
      return false;
    }
  }

  async #look(entry: Entry): Promise<void> {
    entry.isLooking = true;
    this.#looking++;
    try {
      const found = await entry.watch.look();
      if (found !== undefined) this.#end(entry, () => entry.settle.resolve(found));
      else entry.delay = entry.watch.nextDelay();
      entry.failures = 0;
    } catch (error) {
      if (error instanceof ApiError && error.details.transient) {
        entry.failures++;
        entry.delay = backoff(entry.failures, error.details.retryAfter, this.#clock.random());
        if (this.#entries.has(entry)) entry.watch.onTrouble?.(error, entry.delay);
      } else this.#end(entry, () => entry.settle.reject(error));
    } finally {
      entry.left = entry.delay;
      entry.isLooking = false;
      this.#looking--;
      this.#wake.abort();
    }
  }

  #end(entry: Entry, settle: () => void): void {
    if (!this.#entries.delete(entry)) return;
    settle();
    this.#wake.abort();
  }
}
