import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectationOf, nextDelay, type RunTime } from '../../../src/jobs/schedule.ts';

interface Run {
  readonly looks: number;
  /** From the end of the run until it was seen, in milliseconds. */
  readonly delay: number;
  readonly learnt: RunTime;
}

function run(length: number, runs: readonly RunTime[], median: number): Run {
  const expected = expectationOf(runs, median);
  let [elapsed, low, looks] = [0, 0, 0];
  for (;;) {
    elapsed += nextDelay(expected, elapsed);
    looks++;
    if (elapsed >= length) return { looks, delay: elapsed - length, learnt: { low, high: elapsed } };
    low = elapsed;
  }
}

function runs(lengths: readonly number[], median: number): Run[] {
  const learnt: RunTime[] = [];
  return lengths.map(length => {
    const one = run(length, learnt.slice(-12), median);
    learnt.push(one.learnt);
    return one;
  });
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The official client looks at once and then every half second. */
const officialLooks = (length: number): number => 1 + Math.ceil(length / 500);

for (const [seconds, median] of [
  [14, 14],
  [60, 174],
  [174, 174],
] as const)
  test(`runs of ${seconds} s: few looks, short delay`, () => {
    const length = seconds * 1_000;
    for (const count of [3, 5, 15]) {
      const all = runs(Array<number>(count).fill(length), median);
      assert.ok(medianOf(all.map(({ looks }) => looks)) <= officialLooks(length) / 8);
      assert.ok(Math.max(...all.map(({ delay }) => delay)) <= Math.min(0.1 * length, 3_000) + 1);
    }
  });

test('runs of 2 s are met with one or two looks once they are known', () => {
  const all = runs(Array<number>(15).fill(2_000), 14);
  assert.ok(medianOf(all.map(({ looks }) => looks)) <= 2);
  assert.ok(medianOf(all.map(({ delay }) => delay)) <= 200);
  assert.ok(all.every(({ delay }) => delay <= 250));
});

test('runs of changing length are met as well', () => {
  const lengths = Array.from({ length: 60 }, (_, index) => 14_000 * (0.7 + 0.6 * (((index * 7) % 10) / 10)));
  const all = runs(lengths, 14).slice(10);
  assert.ok(
    medianOf(all.map(({ looks }, index) => looks / officialLooks(lengths[index + 10] ?? 0))) <= 1 / 4,
  );
  assert.ok(all.every(({ delay }, index) => delay <= 0.11 * (lengths[index + 10] ?? 0)));
});

test('a new speed is learnt from two runs', () => {
  const all = runs([...Array<number>(12).fill(60_000), ...Array<number>(4).fill(20_000)], 174);
  assert.ok((all.at(-1)?.delay ?? Infinity) <= 2_000);
  assert.ok((all.at(-1)?.looks ?? Infinity) <= 6);
});

test('early failures are seen, and what takes hours is looked at seldom', () => {
  const expected = expectationOf([], 174);
  assert.ok(nextDelay(expected, 0) <= 10_000);
  assert.ok(nextDelay(expected, 3_600_000) >= 20_000);
  assert.ok(nextDelay(expected, 36_000_000) <= 30_000);
});
