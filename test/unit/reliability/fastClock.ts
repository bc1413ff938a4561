import { systemClock } from '../../../src/jobs/index.ts';
import type { Clock } from '../../../src/jobs/ports.ts';

/** Real timers whose time runs faster, for jobs over real sockets: sockets keep their own time. */
export class FastClock implements Clock {
  readonly #speed: number;
  readonly #begun = performance.now();
  #skew = Date.now();

  constructor(speed = 100) {
    this.#speed = speed;
  }

  now(): number {
    return Math.round(this.#skew + (performance.now() - this.#begun) * this.#speed);
  }

  random(): number {
    return Math.random();
  }

  wait(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.wait(ms / this.#speed, signal);
  }

  /** The wall clock leaps, no timer notices: a laptop that slept, or a clock that was set. */
  jump(ms: number): void {
    this.#skew += ms;
  }
}
