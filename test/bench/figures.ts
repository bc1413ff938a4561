/** The median, or the upper of the two middle values. Returns NaN if there are no values. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Runs all candidates in turn (A B A B …), so that other activity on the machine affects all of them equally. */
export async function sideBySide<Name extends string, T>(
  times: number,
  candidates: Readonly<Record<Name, (run: number) => Promise<T>>>,
): Promise<Record<Name, T[]>> {
  const names = Object.keys(candidates) as Name[];
  const results = Object.fromEntries(names.map(name => [name, [] as T[]])) as Record<Name, T[]>;
  for (let run = 0; run < times; run++)
    for (const name of names) results[name].push(await candidates[name](run));
  return results;
}

/** How long something takes, in milliseconds. */
export async function timed(action: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await action();
  return performance.now() - start;
}

const short = (value: number): string => String(Number(value.toPrecision(value >= 100 ? 3 : 2)));

export const ms = (value: number): string =>
  value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
export const bytes = (value: number): string =>
  value >= 1e6 ? `${short(value / 1e6)} MB` : `${short(value / 1e3)} KB`;
export const times = (value: number): string => `${short(value)} ×`;
export const percent = (value: number): string => `${short(value * 100)} %`;
export const count = (value: number): string => short(value);
