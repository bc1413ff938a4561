/**
 * The fake API's time: the system time plus what a test has skipped. Everything that expires or renders uses it, so that
 * a test can let a week pass in one call, without timers.
 */
export class Clock {
  #skipped = 0;

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + this.#skipped;
  }

  forward(ms: number): void {
    this.#skipped += ms;
  }

  /** The time `ms` from now, formatted like the API does. */
  iso(at: number = this.now()): string {
    return new Date(at).toISOString();
  }

  reset(): void {
    this.#skipped = 0;
  }
}
