import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEnded } from '../../../src/jobs/job.ts';
import { MemoryServer, refusal } from '../../support/memoryServer.ts';
import { openWindow, request, storage, type Window, type WindowOptions } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

const day = 24 * 60 * 60 * 1000;
const agentJob = () => request({ agent: true });
/** Submits jobs that cost 50 credits each. */
const submit = (window: Window, limit: number, count = 1) =>
  window.jobs.submit(Array.from({ length: count }, agentJob), { agentDailyLimit: limit });
const isOver = (left: number, limit: number, credits = 50) => ({
  name: 'HumanError',
  text: { key: 'agents.limitReached', args: { left, limit, credits } },
});

function scene() {
  const noon = new Date(2026, 10, 20, 12).getTime();
  const clock = new VirtualClock({ start: noon });
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  const open = (options: WindowOptions = {}) => openWindow(clock, disk, server, options);
  const ended = (window: Window) =>
    clock.until(() => window.jobs.current.every(job => isEnded(job) || job.phase === 'unknown'));
  return { clock, disk, server, open, ended };
}

test('enforces one daily limit across windows', async () => {
  const { server, open, ended } = scene();
  const windows = [open(), open(), open()];
  const outcomes = await Promise.allSettled(windows.map(window => submit(window, 100)));
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 2);
  for (const window of windows) {
    await ended(window);
    await assert.rejects(submit(window, 100), isOver(0, 100));
  }
  assert.equal(server.creates, 2);
});

test('creates and stores nothing over the limit', async () => {
  const { server, disk, open } = scene();
  const window = open();
  await assert.rejects(submit(window, 100, 3), isOver(100, 100, 150));
  await assert.rejects(submit(window, Number.NaN), { name: 'HumanError' });
  assert.deepEqual(window.jobs.current, []);
  assert.deepEqual(disk.list(`${storage}/jobs/records`), []);
  assert.equal(server.creates, 0);
  assert.equal((await submit(window, 100, 2)).length, 2);
});

test("doesn't release the credits of a job that's removed from the list", async () => {
  const { open, ended } = scene();
  const window = open();
  const [job] = await submit(window, 50);
  await ended(window);
  await window.jobs.remove(job?.id ?? '');
  await assert.rejects(submit(open(), 50), isOver(0, 50));
});

test('keeps the credits of a deleted project when its job is tried again', async () => {
  const { server, clock, open, ended } = scene();
  server.renderTime = 60_000;
  const window = open();
  const [job] = await submit(window, 120);
  const id = job?.id ?? '';
  await clock.until(() => window.jobs.get(id)?.phase === 'waiting');
  await window.jobs.stop(id);
  await ended(window);
  await window.jobs.deleteOnServer(id);
  await window.jobs.retry(id);
  await assert.rejects(submit(window, 120), isOver(20, 120));
});

test('releases the credits of a job that was never created', async () => {
  const { server, clock, open, ended } = scene();
  const window = open();
  server.faults.create.push(() => {
    throw refusal(402);
  });
  await submit(window, 50);
  await ended(window);
  const [stopped] = await submit(window, 50);
  await window.jobs.stop(stopped?.id ?? '');
  await clock.until(() => window.jobs.get(stopped?.id ?? '')?.phase === 'stopped');
  await submit(window, 50);
  await assert.rejects(submit(window, 50), isOver(0, 50));
});

test('keeps the credits of a job that may have been created', async () => {
  const { server, open, ended } = scene();
  const window = open();
  server.faults.lostResponse.push(() => {
    throw refusal(500, { mayHaveBeenCreated: true });
  });
  const [job] = await submit(window, 50);
  await ended(window);
  await assert.rejects(submit(window, 50), isOver(0, 50));
  await window.jobs.answer(job?.id ?? '', 'dismiss');
  await assert.rejects(submit(window, 50), isOver(0, 50));
  await window.jobs.remove(job?.id ?? '');
  await assert.rejects(submit(window, 50), isOver(0, 50));
});

test('counts what was charged, not what was estimated', async () => {
  const { open, ended } = scene();
  const window = open();
  await window.jobs.submit([request({ agent: true, estimate: { credits: 80, exact: false } })], {
    agentDailyLimit: 100,
  });
  await ended(window);
  await submit(window, 100);
});

test('counts jobs of today that were submitted before the limit was recorded', async () => {
  const { open, ended } = scene();
  const window = open();
  await window.jobs.submit([agentJob(), request()]);
  await ended(window);
  await assert.rejects(submit(window, 99), isOver(49, 99));
});

test('starts over the next day, and keeps no record of the day before', async () => {
  const { clock, disk, open, ended } = scene();
  const window = open();
  await submit(window, 50);
  await ended(window);
  clock.jump(day);
  await submit(window, 50);
  await ended(window);
  assert.deepEqual(disk.list(`${storage}/jobs/agents`), ['1.json']);
});

test("releases the credits if the jobs can't be stored", async () => {
  const { open } = scene();
  let isFull = true;
  const window = open({
    before: (operation, path) => {
      if (isFull && operation === 'create' && path.includes('/records/'))
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  });
  await assert.rejects(submit(window, 50), { text: { key: 'store.full' } });
  isFull = false;
  await submit(window, 50);
});
