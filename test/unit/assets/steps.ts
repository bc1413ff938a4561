import { type Profiler, Session } from 'node:inspector/promises';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/**
 * Counts how often blocks of code in `src/assets`, mediabunny, and image-size run during an action. Unlike time, the
 * count is the same on every machine and under any load. Work inside built-in functions isn't counted. Import this
 * module before the code to be counted, because V8 counts only in functions compiled after coverage has started.
 */
export async function countSteps(action: () => Promise<unknown>): Promise<number> {
  // Taking the coverage also resets all counters.
  await session.post('Profiler.takePreciseCoverage');
  await action();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  return result.filter(isCounted).reduce((sum, script) => sum + stepsOf(script), 0);
}

const isCounted = ({ url }: Profiler.ScriptCoverage): boolean =>
  /\/src\/assets\/|\/(?:mediabunny|image-size)\//.test(url);

const stepsOf = ({ functions }: Profiler.ScriptCoverage): number =>
  functions.flatMap(({ ranges }) => ranges).reduce((sum, { count }) => sum + count, 0);
