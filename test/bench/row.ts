import type { Bench } from './bench.ts';

/** One line of the table: what was measured, ours beside the reference. */
export interface Figure {
  /** Which case of the row: a format, a length. */
  readonly of: string;
  readonly ours: string;
  readonly reference: string;
  /** What is compared with `atLeast`: a ratio as a rule. */
  readonly result: string;
  readonly atLeast: string;
  /** undefined: nothing was promised, the figure is for information. */
  readonly reached: boolean | undefined;
}

/** One row of the table: a question, and how it is answered. */
export interface Row {
  /** What `npm run bench -- NAME` takes. */
  readonly name: string;
  readonly what: string;
  readonly reference: string;
  /** How it is measured, for `docs/benchmarks.md`: plain sentences. */
  readonly method: string;
  /** @throws Skip where the machine lacks what is needed */
  measure(bench: Bench): Promise<readonly Figure[]>;
}

/** The row cannot be measured here; the message says why. */
export class Skip extends Error {}
