/**
 * The fake API's time: the system time plus the time that a test has skipped. Everything that expires or renders uses
 * this clock, so that a test can let a week pass in one call, without timers.
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

  /** Formats a time as the API does. The default is the current time. */
  iso(at: number = this.now()): string {
    return new Date(at).toISOString();
  }

  reset(): void {
    this.#skipped = 0;
  }
}
