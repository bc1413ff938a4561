import { systemClock } from '../../../src/jobs/clock.ts';
import type { Clock } from '../../../src/jobs/ports.ts';

/** Makes timers run faster than real time, for jobs with real sockets. The sockets keep their speed. */
export class FastClock implements Clock {
  readonly #speed: number;
  readonly #start = performance.now();
  #skew = Date.now();

  constructor(speed = 100) {
    this.#speed = speed;
  }

  now(): number {
    return Math.round(this.#skew + (performance.now() - this.#start) * this.#speed);
  }

  random(): number {
    return Math.random();
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.wait(ms / this.#speed, signal);
  }

  /** Moves the wall clock but not the timers, as when the machine sleeps or the clock is set. */
  jump(ms: number): void {
    this.#skew += ms;
  }
}
