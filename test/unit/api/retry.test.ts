import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { ApiError, type ApiErrorDetails } from '../../../src/api/errors.ts';
import { backoff, retrying } from '../../../src/api/retry.ts';
import { quickClock } from './support/client.ts';

const failure = (details: Partial<ApiErrorDetails> = {}): ApiError =>
  new ApiError('api.server', {
    operation: 'project',
    transient: true,
    mayHaveBeenCreated: false,
    ...details,
  });

/** Fails as listed, then succeeds. */
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

suite('trying again', () => {
  test('after failures that pass, with growing pauses', async () => {
    const clock = quickClock();
    const { run, calls } = failing(failure(), failure(), failure());
    assert.equal(await retrying(run, { attempts: 4, clock }), 'done');
    assert.deepEqual(calls, [0, 1, 2, 3]);
    assert.deepEqual(clock.waits, [500, 1000, 2000]);
  });

  test('gives up after so many attempts, with the last failure', async () => {
    const last = failure();
    const { run, calls } = failing(failure(), last, undefined);
    await assert.rejects(retrying(run, { attempts: 2, clock: quickClock() }), thrown => thrown === last);
    assert.equal(calls.length, 2);
  });

  test('not after a refusal, a bug, or when something may have been made', async () => {
    for (const error of [
      failure({ transient: false }),
      new TypeError('bug'),
      failure({ mayHaveBeenCreated: true }),
    ]) {
      const { run, calls } = failing(error);
      await assert.rejects(retrying(run, { attempts: 5, clock: quickClock() }), thrown => thrown === error);
      assert.equal(calls.length, 1);
    }
  });

  test('by the caller’s own rule', async () => {
    const clock = quickClock();
    const only429 = (error: ApiError): boolean => error.details.status === 429;
    assert.equal(
      await retrying(failing(failure({ status: 429 })).run, { attempts: 2, clock, mayRetry: only429 }),
      'done',
    );
    await assert.rejects(
      retrying(failing(failure({ status: 500 })).run, { attempts: 2, clock, mayRetry: only429 }),
    );
  });

  test('not before the server wants it, and not at all when that is far away', async () => {
    const clock = quickClock();
    await retrying(failing(failure({ retryAfter: 7000 })).run, { attempts: 2, clock });
    assert.deepEqual(clock.waits, [7500]);
    await assert.rejects(retrying(failing(failure({ retryAfter: 3_600_000 })).run, { attempts: 2, clock }));
  });

  test('an abort ends the pause', async () => {
    const stop = new AbortController();
    const reason = new Error('enough');
    const clock = {
      random: () => 0,
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

  test('pauses are anywhere below a bound that doubles up to half a minute', () => {
    for (const [failures, bound] of [
      [0, 1000],
      [1, 2000],
      [4, 16_000],
      [5, 30_000],
      [50, 30_000],
      [5000, 30_000],
    ] as const) {
      assert.equal(
        backoff(failures, undefined, () => 0),
        0,
      );
      assert.equal(
        backoff(failures, undefined, () => 1),
        bound,
      );
    }
  });
});
