import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Poller } from '../../../src/jobs/poller.ts';
import { refusal } from '../../support/cloud.ts';
import { settle, VirtualClock } from '../../support/virtualClock.ts';

function scene() {
  const clock = new VirtualClock();
  const poller = new Poller(clock);
  const { signal } = new AbortController();
  return { clock, poller, signal };
}

test('one timer for all, none when nothing waits', async () => {
  const { clock, poller, signal } = scene();
  let looks = 0;
  const found = Array.from({ length: 100 }, (_, index) => {
    const dueAt = 1_000 * (1 + (index % 7));
    return poller.until({
      signal,
      nextDelay: () => 500,
      look: async () => (looks++, clock.passed >= dueAt ? index : undefined),
    });
  });
  await settle();
  assert.equal(clock.timers, 1);
  await clock.advance(20_000);
  assert.deepEqual(
    await Promise.all(found),
    Array.from({ length: 100 }, (_, index) => index),
  );
  assert.ok(looks < 100 * 16);
  assert.equal(clock.timers, 0);
});

test('few looks at a time', async () => {
  const { clock, poller, signal } = scene();
  let [now, most] = [0, 0];
  const look = async () => {
    most = Math.max(most, ++now);
    await clock.wait(100);
    now--;
    return 'done';
  };
  const found = Array.from({ length: 50 }, () => poller.until({ signal, nextDelay: () => 10, look }));
  await clock.advance(5_000);
  await Promise.all(found);
  assert.equal(most, 8);
});

test('a look that fails is done again after a while, as the server asks', async () => {
  const { clock, poller, signal } = scene();
  const at: number[] = [];
  const delays: number[] = [];
  const found = poller.until({
    signal,
    nextDelay: () => 1_000,
    look: async () => {
      at.push(clock.passed);
      if (at.length === 1) throw refusal(503, { operation: 'project', retryAfter: 45_000 });
      if (at.length < 5) throw refusal(undefined, { operation: 'project' });
      return 'done';
    },
    onTrouble: (_error, delay) => delays.push(delay),
  });
  await clock.advance(200_000);
  assert.equal(await found, 'done');
  assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 45_000);
  assert.equal(delays.length, 4);
});

test('what else is thrown ends the watch, and so does the signal', async () => {
  const { clock, poller } = scene();
  const control = new AbortController();
  const bug = poller.until({
    signal: control.signal,
    nextDelay: () => 10,
    look: () => Promise.reject(new TypeError('a bug')),
  });
  const stopped = poller.until({ signal: control.signal, nextDelay: () => 1e9, look: async () => 'never' });
  const outcomes = Promise.allSettled([bug, stopped]);
  await clock.advance(100);
  control.abort(new Error('stop'));
  const [first, second] = await outcomes;
  assert.match(String(first.status === 'rejected' && first.reason), /a bug/);
  assert.match(String(second.status === 'rejected' && second.reason), /stop/);
  await settle();
  assert.equal(clock.timers, 0);
});

test('a clock that jumps back delays nothing; after a long sleep everything is looked at soon', async () => {
  for (const jump of [-36_000_000, 36_000_000]) {
    const { clock, poller, signal } = scene();
    const at: number[] = [];
    const found = poller.until({
      signal,
      nextDelay: () => 2_000,
      look: async () => (at.push(clock.passed), at.length < 3 ? undefined : 'done'),
    });
    await clock.advance(1_000);
    clock.jump(jump);
    await clock.advance(10_000);
    assert.equal(await found, 'done');
    assert.deepEqual(at, [2_000, 4_000, 6_000]);
  }
});
