/** One observed run. It wasn't complete at `low` and was at `high`, in milliseconds after the create request. */
export interface RunTime {
  readonly low: number;
  readonly high: number;
}

/** When a run is expected to be complete, in milliseconds after its create request. */
export interface Expectation {
  /** A run is almost never complete before this. */
  readonly early: number;
  readonly likely: number;
  readonly late: number;
  /** The time until the next poll once `early` has passed, as a fraction of the elapsed time. */
  readonly step: number;
  /** How many runs this is based on. */
  readonly runs: number;
}

const second = 1_000;
/** Users would notice a longer delay, even after a long run. */
const longestStep = 3 * second;
const shortestStep = 150;
/** When to poll for the first time if the run is long or its length is unknown. */
const firstPoll = 2.1 * second;
const shortRun = 20 * second;
/** If a run and the latest one differ by more than this factor, the speed has changed. */
const jump = 2;

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

/** The expectation based on the latest runs (oldest first), or on the published median if there are none. */
export function expectationOf(runs: readonly RunTime[], medianSeconds: number): Expectation {
  const last = runs.at(-1);
  if (!last) {
    const likely = medianSeconds * second;
    return { early: likely * 0.8, likely, late: likely * 1.3, step: 0.1, runs: 0 };
  }
  // The speed can change suddenly (a new model, a busy day), so use only the latest runs with a similar length.
  const differentAt = runs.findLastIndex(({ high }) => high > jump * last.high || high * jump < last.high);
  const same = runs.slice(differentAt + 1);
  const used = same.length >= 2 ? same : runs;
  const highs = used.map(estimate).toSorted((a, b) => a - b);
  const [likely, late] = [quantile(highs, 0.5), quantile(highs, 0.9)];
  const isSteady = highs.length >= 3 && quantile(highs, 0.8) - quantile(highs, 0.2) < 0.1 * likely;
  if (isSteady) return { early: quantile(highs, 0.4), likely, late, step: 0.06, runs: highs.length };
  const shortest = highs[0] ?? likely;
  if (late < 1.1 * shortest) return { early: 0.95 * shortest, likely, late, step: 0.08, runs: highs.length };
  return { early: 0.98 * shortest, likely, late, step: 0.1, runs: highs.length };
}

/** A run may have ended long before the poll that found it complete, so lower the estimate gradually. */
const estimate = ({ low, high }: RunTime): number => (low < 0.9 * high ? 0.97 * high : high);

/** How long to wait before the next poll of a run that has taken `elapsed` milliseconds. */
export function nextDelay(expected: Expectation, elapsed: number): number {
  const ahead = expected.early - elapsed;
  if (ahead > 0) {
    // Poll occasionally before that, because failures happen early and the estimate may be wrong.
    const isGuess = expected.runs === 0;
    if (elapsed < firstPoll - shortestStep && (isGuess || expected.likely > shortRun))
      return firstPoll - elapsed;
    const gap = earlyGap(expected.likely);
    if (ahead <= gap) return Math.max(ahead, shortestStep);
    return ahead < 2 * gap ? ahead / 2 : gap;
  }
  const step = Math.min(longestStep, Math.max(shortestStep, expected.step * elapsed));
  // The run has taken far longer than any known run, so it may take hours.
  const isOverdue = elapsed > 3 * expected.late && elapsed > 60 * second;
  return isOverdue ? Math.min(30 * second, Math.max(step, 0.05 * elapsed)) : step;
}

function earlyGap(likely: number): number {
  if (likely < 5 * second) return Number.POSITIVE_INFINITY;
  return likely <= shortRun ? 0.5 * likely : 10 * second;
}
