/** One observed run: not complete at `low`, complete at `high` milliseconds after the create. */
export interface RunTime {
  readonly low: number;
  readonly high: number;
}

/** When a run may be complete, in milliseconds after its create. */
export interface Expectation {
  /** Before this a run is hardly ever complete. */
  readonly early: number;
  readonly likely: number;
  readonly late: number;
  /** How far to go on in one step once `early` has passed, as a part of the time passed. */
  readonly step: number;
  /** How many runs this is learnt from. */
  readonly runs: number;
}

const second = 1_000;
/** Delay a person notices, however long the run was. */
const longestStep = 3 * second;
const shortestStep = 150;
/** When a run whose length is not known, or long, is looked at first. */
const firstScout = 2.1 * second;
const shortRun = 20 * second;
/** A run so many times longer or shorter than the last one tells of another time. */
const jump = 2;

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

/** Learns from the latest runs (oldest first); without any, from the published median. */
export function expectationOf(runs: readonly RunTime[], medianSeconds: number): Expectation {
  const last = runs.at(-1);
  if (!last) {
    const likely = medianSeconds * second;
    return { early: likely * 0.8, likely, late: likely * 1.3, step: 0.1, runs: 0 };
  }
  // Speed changes by jumps (a new model, a busy day): go back only as far as runs look like the last ones.
  const strangerAt = runs.findLastIndex(({ high }) => high > jump * last.high || high * jump < last.high);
  const same = runs.slice(strangerAt + 1);
  const used = same.length >= 2 ? same : runs;
  const highs = used.map(estimate).toSorted((a, b) => a - b);
  const [likely, late] = [quantile(highs, 0.5), quantile(highs, 0.9)];
  const isSteady = highs.length >= 3 && quantile(highs, 0.8) - quantile(highs, 0.2) < 0.1 * likely;
  if (isSteady) return { early: quantile(highs, 0.4), likely, late, step: 0.06, runs: highs.length };
  const shortest = highs[0] ?? likely;
  if (late < 1.1 * shortest) return { early: 0.95 * shortest, likely, late, step: 0.08, runs: highs.length };
  return { early: 0.98 * shortest, likely, late, step: 0.1, runs: highs.length };
}

/** A run that was complete at its first look may have been so earlier: creep towards its true end. */
const estimate = ({ low, high }: RunTime): number => (low < 0.9 * high ? 0.97 * high : high);

/** How long to wait before the next look at a run that has taken `elapsed` milliseconds, without chance. */
export function nextDelay(expected: Expectation, elapsed: number): number {
  const ahead = expected.early - elapsed;
  if (ahead > 0) {
    // A look now and then before that: a refusal of the picture comes early, and a guess may be wrong.
    const isGuess = expected.runs === 0;
    if (elapsed < firstScout - shortestStep && (isGuess || expected.likely > shortRun))
      return firstScout - elapsed;
    const gap = scoutGap(expected.likely);
    if (ahead <= gap) return Math.max(ahead, shortestStep);
    return ahead < 2 * gap ? ahead / 2 : gap;
  }
  const step = Math.min(longestStep, Math.max(shortestStep, expected.step * elapsed));
  // Far beyond anything known: it may take hours.
  const isOverdue = elapsed > 3 * expected.late && elapsed > 60 * second;
  return isOverdue ? Math.min(30 * second, Math.max(step, 0.05 * elapsed)) : step;
}

function scoutGap(likely: number): number {
  if (likely < 5 * second) return Number.POSITIVE_INFINITY;
  return likely <= shortRun ? 0.5 * likely : 10 * second;
}

/** How long to wait after `failures` looks in a row that brought no answer. `chance` is 0 to 1. */
export function backoff(failures: number, retryAfter: number | undefined, chance: number): number {
  const ceiling = Math.min(60 * second, second * 2 ** Math.min(failures, 10));
  return Math.max(retryAfter ?? 0, ceiling * (0.5 + 0.5 * chance));
}
