/**
 * The time the stand-in lives in: the machine's, plus what a test has skipped. Everything that expires or renders asks
 * here, so that a week passes in one call and no timer is needed.
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

  /** The moment `ms` from now, as the API writes times. */
  iso(at: number = this.now()): string {
    return new Date(at).toISOString();
  }

  reset(): void {
    this.#skipped = 0;
  }
}
