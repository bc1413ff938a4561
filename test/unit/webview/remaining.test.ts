import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { remaining } from '../../../src/webview/remaining.ts';

describe('remaining time', () => {
  const job = { medianSeconds: 14, createdOnServerAt: 1_000_000 };

  test('is the usual time before rendering', () => {
    assert.deepEqual(remaining({ ...job, phase: 'uploading' }, 1_005_000), { kind: 'usual', usual: 14 });
  });

  test('counts down while rendering, then says that it takes longer', () => {
    assert.deepEqual(remaining({ ...job, phase: 'waiting' }, 1_005_000), { kind: 'left', seconds: 9 });
    assert.deepEqual(remaining({ ...job, phase: 'waiting' }, 1_020_000), { kind: 'late', usual: 14 });
  });

  test('is not extended by a server clock that is ahead', () => {
    assert.deepEqual(remaining({ ...job, phase: 'waiting' }, 900_000), { kind: 'left', seconds: 14 });
  });

  test('is unknown for a job that has ended', () => {
    assert.equal(remaining({ ...job, phase: 'saved' }, 1_005_000), undefined);
  });
});
