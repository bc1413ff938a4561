/** The middle value; of an even number the upper one. NaN of none. */
export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Runs all of them in turn, so many times (A B A B …), so that what the machine does meanwhile strikes all alike. */
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

/** Milliseconds that something took. */
export async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}

const short = (value: number): string => String(Number(value.toPrecision(value >= 100 ? 3 : 2)));

export const ms = (value: number): string =>
  value >= 1000 ? `${short(value / 1000)} s` : `${short(value)} ms`;
export const bytes = (value: number): string =>
  value >= 1e6 ? `${short(value / 1e6)} MB` : `${short(value / 1e3)} KB`;
export const times = (value: number): string => `${short(value)} ×`;
export const percent = (value: number): string => `${short(value * 100)} %`;
export const count = (value: number): string => short(value);
