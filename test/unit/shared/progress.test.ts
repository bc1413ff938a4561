import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type ProgressFacts, estimateProgress } from '../../../src/shared/progress.ts';

const rendering: ProgressFacts = { phase: 'waiting', createdOnServerAt: 0, medianSeconds: 20 };
const at = (seconds: number): number => estimateProgress(rendering, seconds * 1000) ?? Number.NaN;

suite('estimated progress', () => {
  test('never goes back from phase to phase, and is full only at the end', () => {
    const steps: ProgressFacts[] = [
      { ...rendering, phase: 'queued' },
      { ...rendering, phase: 'probing' },
      { ...rendering, phase: 'clipping' },
      { ...rendering, phase: 'uploading', fraction: 0 },
      { ...rendering, phase: 'uploading', fraction: 1 },
      { ...rendering, phase: 'creating' },
    ];
    const later = [{ ...rendering, phase: 'downloading' as const, fraction: 0.5 }];
    const values = [
      ...steps.map(step => estimateProgress(step, 0) ?? Number.NaN),
      ...[0, 1, 10, 19, 20, 21, 40, 10_000].map(at),
      ...later.map(step => estimateProgress(step, 0) ?? Number.NaN),
    ];
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
    assert.ok(values.every(value => value >= 0 && value < 1));
    assert.equal(estimateProgress({ ...rendering, phase: 'downloading', fraction: 1 }, 0), 1);
  });

  test('starts low, and nears 90% at the usual time', () => {
    assert.ok(at(1) < 0.2, `${at(1)}`);
    assert.ok(at(20) > 0.8 && at(20) < 0.9, `${at(20)}`);
  });

  test('does not start before rendering, even if the server’s clock is ahead', () => {
    assert.equal(at(-60), at(0));
    assert.equal(estimateProgress({ ...rendering, createdOnServerAt: undefined }, 9_000), at(0));
  });

  test('is unknown for a job that has ended', () => {
    for (const phase of ['saved', 'failed', 'stopped', 'unknown'] as const)
      assert.equal(estimateProgress({ ...rendering, phase }, 0), undefined);
  });
});
