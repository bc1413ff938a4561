import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLimiter } from '../../../src/webview/media/limiter.ts';

test('tasks wait for their turn, even after one has failed', async () => {
  const run = createLimiter(1);
  const order: string[] = [];
  const release: (() => void)[] = [];
  const work = (name: string) => () =>
    new Promise<void>(resolve => {
      order.push(name);
      release.push(resolve);
    });
  const first = run(work('first'));
  const second = run(() => Promise.reject(new Error('no')));
  const third = run(work('third'));
  assert.deepEqual(order, ['first']);
  release[0]?.();
  await first;
  await assert.rejects(second);
  await new Promise<void>(resolve => {
    setImmediate(resolve);
  });
  assert.deepEqual(order, ['first', 'third']);
  release[1]?.();
  await third;
});
