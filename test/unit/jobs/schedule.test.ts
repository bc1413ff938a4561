import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectationOf, nextDelay, type RunTime } from '../../../src/jobs/schedule.ts';

interface Run {
  readonly polls: number;
  /** The time from the end of the run until it was noticed, in milliseconds. */
  readonly delay: number;
  readonly learned: RunTime;
}

function run(length: number, runs: readonly RunTime[], median: number): Run {
  const expected = expectationOf(runs, median);
  let [elapsed, low, polls] = [0, 0, 0];
  for (;;) {
    elapsed += nextDelay(expected, elapsed);
    polls++;
    if (elapsed >= length) return { polls, delay: elapsed - length, learned: { low, high: elapsed } };
    low = elapsed;
  }
}

function runs(lengths: readonly number[], median: number): Run[] {
  const learned: RunTime[] = [];
  return lengths.map(length => {
    const one = run(length, learned.slice(-12), median);
    learned.push(one.learned);
    return one;
  });
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

/** The official client polls immediately and then every half second. */
const officialPolls = (length: number): number => 1 + Math.ceil(length / 500);

for (const [seconds, median] of [
  [14, 14],
  [60, 174],
  [174, 174],
] as const)
  test(`the end of a ${seconds} s run is noticed soon, with few polls`, () => {
    const length = seconds * 1_000;
    for (const count of [3, 5, 15]) {
      const all = runs(Array<number>(count).fill(length), median);
      assert.ok(medianOf(all.map(({ polls }) => polls)) <= officialPolls(length) / 8);
      assert.ok(Math.max(...all.map(({ delay }) => delay)) <= Math.min(0.1 * length, 3_000) + 1);
    }
  });

test('needs one or two polls for 2 s runs once it has learned their length', () => {
  const all = runs(Array<number>(15).fill(2_000), 14);
  assert.ok(medianOf(all.map(({ polls }) => polls)) <= 2);
  assert.ok(medianOf(all.map(({ delay }) => delay)) <= 200);
  assert.ok(all.every(({ delay }) => delay <= 250));
});

test('adapts to runs of changing length', () => {
  const lengths = Array.from({ length: 60 }, (_, index) => 14_000 * (0.7 + 0.6 * (((index * 7) % 10) / 10)));
  const all = runs(lengths, 14).slice(10);
  assert.ok(
    medianOf(all.map(({ polls }, index) => polls / officialPolls(lengths[index + 10] ?? 0))) <= 1 / 4,
  );
  assert.ok(all.every(({ delay }, index) => delay <= 0.11 * (lengths[index + 10] ?? 0)));
});

test('learns a new speed from two runs', () => {
  const all = runs([...Array<number>(12).fill(60_000), ...Array<number>(4).fill(20_000)], 174);
  assert.ok((all.at(-1)?.delay ?? Infinity) <= 2_000);
  assert.ok((all.at(-1)?.polls ?? Infinity) <= 6);
});

test('notices early failures, and rarely polls a run that takes hours', () => {
  const expected = expectationOf([], 174);
  assert.ok(nextDelay(expected, 0) <= 10_000);
  assert.ok(nextDelay(expected, 3_600_000) >= 20_000);
  assert.ok(nextDelay(expected, 36_000_000) <= 30_000);
});
