import type { Clock } from '../../src/jobs/ports.ts';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly ring: () => void;
}

/** Waits until all code that awaits only promises has run. */
export const settle = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

/** A clock that a test advances. Timers use a separate time, so the time that `now` returns can jump independently. */
export class VirtualClock implements Clock {
  #passed = 0;
  #skew: number;
  #seed: number;
  #orders = 0;
  readonly #timers = new Set<Timer>();

  constructor(options: { readonly start?: number; readonly seed?: number } = {}) {
    this.#skew = options.start ?? Date.UTC(2026, 10, 20);
    this.#seed = options.seed ?? 1;
  }

  /** The number of pending timers. */
  get timers(): number {
    return this.#timers.size;
  }

  get passed(): number {
    return this.#passed;
  }

  now(): number {
    return this.#passed + this.#skew;
  }

  /** Returns a pseudorandom number (mulberry32). */
  random(): number {
    this.#seed = (this.#seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#seed ^ (this.#seed >>> 15), 1 | this.#seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason as Error);
        return;
      }
      const abort = () => {
        this.#timers.delete(timer);
        reject(signal?.reason as Error);
      };
      const ring = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const timer: Timer = { at: this.#passed + Math.max(0, ms), order: this.#orders++, ring };
      this.#timers.add(timer);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Makes the wall clock jump without affecting timers, as when a laptop sleeps or the clock is set. */
  jump(ms: number): void {
    this.#skew += ms;
  }

  /** Advances the time, timer by timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#passed + ms;
    await settle();
    for (let next = this.#next(); next && next.at <= end; next = this.#next()) {
      this.#ring(next);
      await settle();
    }
    this.#passed = end;
  }

  /** Advances the time until a condition is true. Fails if the condition is still false after `limit` milliseconds. */
  async until(condition: () => boolean, limit = 24 * 60 * 60 * 1000): Promise<void> {
    const end = this.#passed + limit;
    await settle();
    while (!condition()) {
      const next = this.#next();
      if (!next || next.at > end) {
        // Operations on a real disk take real time.
        await new Promise(resolve => setTimeout(resolve, 5));
        if (condition() || this.#next() !== next) continue;
        throw new Error(next ? 'The condition was not met in time' : 'No timer is pending');
      }
      this.#ring(next);
      await settle();
    }
  }

  /** Advances the time until a promise is settled. */
  async settled<T>(promise: Promise<T>, limit?: number): Promise<T> {
    let isSettled = false;
    void promise
      .catch(() => {})
      .then(() => {
        isSettled = true;
      });
    await this.until(() => isSettled, limit);
    return promise;
  }

  #next(): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers)
      if (!first || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    return first;
  }

  #ring(timer: Timer): void {
    this.#timers.delete(timer);
    this.#passed = Math.max(this.#passed, timer.at);
    timer.ring();
  }
}
