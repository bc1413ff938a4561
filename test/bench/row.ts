import type { Bench } from './bench.ts';

/** A line of a table: the extension compared with the reference. */
export interface Figure {
  /** The case, such as a format or a length. */
  readonly of: string;
  readonly ours: string;
  readonly reference: string;
  /** What's compared with the target, usually a ratio. */
  readonly result: string;
  readonly target: string;
  /** undefined: there's no target; the figure is informational. */
  readonly reached: boolean | undefined;
}

/** A benchmark with its own table. */
export interface Row {
  /** For `npm run bench -- NAME`. */
  readonly name: string;
  readonly what: string;
  readonly reference: string;
  /** How it's measured, for `docs/benchmarks.md`. */
  readonly method: string;
  /** @throws Skip when the machine lacks something that's needed */
  measure(bench: Bench): Promise<readonly Figure[]>;
}

/** The row can't be measured here; the message says why. */
export class Skip extends Error {}
