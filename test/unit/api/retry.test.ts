import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ApiError, type ApiErrorDetails } from '../../../src/api/errors.ts';
import { backoff, retryDelay, retrying } from '../../../src/api/retry.ts';
import { quickClock } from './support/client.ts';

const failure = (details: Partial<ApiErrorDetails> = {}): ApiError =>
  new ApiError('api.server', {
    operation: 'project',
    transient: true,
    mayHaveBeenCreated: false,
    ...details,
  });

/** Fails with each of these errors in turn, then succeeds. */
const failing = (...errors: unknown[]) => {
  const calls: number[] = [];
  return {
    calls,
    run: async (attempt: number): Promise<string> => {
      calls.push(attempt);
      const error = errors[attempt];
      if (error !== undefined) throw error;
      return 'done';
    },
  };
};

suite('retries', () => {
  test('wait longer after each transient failure', async () => {
    const clock = quickClock();
    const { run, calls } = failing(failure(), failure(), failure());
    assert.equal(await retrying(run, { attempts: 4, clock }), 'done');
    assert.deepEqual(calls, [0, 1, 2, 3]);
    assert.deepEqual(clock.waits, [750, 1500, 3000]);
  });

  test('end after the given number of attempts, with the last failure', async () => {
    const last = failure();
    const { run, calls } = failing(failure(), last, undefined);
    await assert.rejects(retrying(run, { attempts: 2, clock: quickClock() }), thrown => thrown === last);
    assert.equal(calls.length, 2);
  });

  test('start counting again while attempts make progress', async () => {
    const clock = quickClock();
    const { run, calls } = failing(failure(), failure(), failure(), failure());
    let further = 3;
    const hasProgressed = (): boolean => further-- > 0;
    assert.equal(await retrying(run, { attempts: 3, clock, hasProgressed }), 'done');
    assert.equal(calls.length, 5);
    assert.deepEqual(clock.waits, [750, 750, 750, 1500]);
  });

  for (const [what, error] of [
    ['a refusal', failure({ transient: false })],
    ['a bug', new TypeError('bug')],
    ['a create request that may have succeeded', failure({ mayHaveBeenCreated: true })],
  ] as const) {
    test(`never follow ${what}`, async () => {
      const { run, calls } = failing(error);
      await assert.rejects(retrying(run, { attempts: 5, clock: quickClock() }), thrown => thrown === error);
      assert.equal(calls.length, 1);
      assert.equal(retryDelay(error, 1, 0.5), undefined);
    });
  }

  test('wait as long as the server requests, and leave a long wait to the caller', async () => {
    const clock = quickClock();
    await retrying(failing(failure({ retryAfter: 7000 })).run, { attempts: 2, clock });
    assert.deepEqual(clock.waits, [7250]);
    await assert.rejects(retrying(failing(failure({ retryAfter: 60_000 })).run, { attempts: 2, clock }));
    assert.equal(clock.waits.length, 1);
  });

  test('stop waiting when aborted', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const clock = {
      ...quickClock(),
      wait: async (_ms: number, signal?: AbortSignal) => {
        stop.abort(reason);
        signal?.throwIfAborted();
      },
    };
    const { run, calls } = failing(failure());
    await assert.rejects(
      retrying(run, { attempts: 5, clock, signal: stop.signal }),
      thrown => thrown === reason,
    );
    assert.equal(calls.length, 1);
  });
});

suite('the delay before a retry', () => {
  test('doubles up to a minute, and half of it is random', () => {
    for (const [failures, max] of [
      [1, 1000],
      [2, 2000],
      [5, 16_000],
      [7, 60_000],
      [50, 60_000],
      [5000, 60_000],
    ] as const) {
      assert.equal(backoff(failures, 0), max / 2);
      assert.equal(backoff(failures, 1), max);
    }
  });

  test('is never shorter than Retry-After, and never follows it beyond two minutes', () => {
    assert.equal(backoff(1, 0, 45_000), 45_000);
    assert.equal(backoff(1, 0, 86_400_000), 120_000);
    assert.equal(retryDelay(failure({ retryAfter: 86_400_000 }), 1, 0), 120_000);
    assert.ok((retryDelay(failure({ retryAfter: 86_400_000 }), 50, 1) ?? 0) <= 150_000);
  });
});
