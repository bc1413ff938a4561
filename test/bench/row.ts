import type { Bench } from './bench.ts';

/** A line of a table: the extension compared with the reference. */
export interface Figure {
  /** The case that was measured, such as a format or a length. */
  readonly of: string;
  readonly ours: string;
  readonly reference: string;
  /** The value that's compared with the target, usually a ratio. */
  readonly result: string;
  readonly target: string;
  /** Whether the target was met. Undefined if the figure is only informational. */
  readonly reached: boolean | undefined;
}

/** A benchmark with its own table. */
export interface Row {
  /** The name for `npm run bench -- NAME`. */
  readonly name: string;
  readonly what: string;
  readonly reference: string;
  /** The description of the measurement in `docs/benchmarks.md`. */
  readonly method: string;
  /** @throws Skip if the machine lacks something that the row needs. */
  measure(bench: Bench): Promise<readonly Figure[]>;
}

/** The row can't be measured here; the message says why. */
export class Skip extends Error {}
