import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEnded } from '../../../src/jobs/job.ts';
import { MemoryServer, refusal } from '../../support/memoryServer.ts';
import { openWindow, request, workspace, type Window, type WindowOptions } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { settle, VirtualClock } from '../../support/virtualClock.ts';

function scene(options: WindowOptions = {}) {
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  const open = (more: WindowOptions = {}) => openWindow(clock, disk, server, { ...options, ...more });
  return { clock, disk, server, open };
}

const phaseOf = (window: Window, id: string) => window.jobs.get(id)?.phase;
/** Submits one headshot. */
async function submitOne(window: Window) {
  const [job] = await window.jobs.submit([request()]);
  assert.ok(job);
  return job;
}
const resultFiles = (disk: MemoryDisk) => disk.list(workspace).toSorted();

/** Suspends one window for a minute after its create request has arrived, so that the other window asks the user. */
async function suspendedAtCreate() {
  const { clock, disk, server, open } = scene({ deathIsSeen: false });
  let asleep: Promise<void> | undefined;
  const [suspended, other] = [open({ gate: () => asleep }), open()];
  server.faults.lostResponse.push(() => {
    asleep = clock.wait(60_000);
  });
  const job = await submitOne(suspended);
  await other.jobs.refresh();
  await clock.until(() => phaseOf(other, job.id) === 'unknown', 30_000);
  return { clock, disk, server, job, other };
}

test('runs a job from submission to the saved file, and leaves nothing running', async () => {
  const { clock, disk, server, open } = scene();
  const window = open();
  const phases: string[] = [];
  window.jobs.onDidChange(job => {
    if (job && phases.at(-1) !== job.phase) phases.push(job.phase);
  });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.deepEqual(phases, ['queued', 'probing', 'uploading', 'creating', 'waiting', 'downloading', 'saved']);
  assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
  assert.equal(disk.files.get(`${workspace}/anna-headshot.png`)?.text, server.bytesOf('p1', 0));
  assert.deepEqual(window.jobs.get(job.id)?.results, [`file://${workspace}/anna-headshot.png`]);
  assert.equal(window.jobs.get(job.id)?.creditsCharged, 50);
  assert.equal(server.creates, 1);
  await clock.advance(10_000);
  assert.equal(clock.timers, 0);
  assert.equal(disk.watchers, 0);
  assert.deepEqual(disk.list('/storage/jobs/windows'), []);
  assert.deepEqual(disk.list('/storage/jobs/unfinished'), []);
});

test('never overwrites a file', async () => {
  const { clock, disk, open } = scene();
  disk.write(`${workspace}/Anna-Headshot.PNG`, 'mine');
  const window = open();
  const jobs = await window.jobs.submit([request(), request()]);
  await clock.until(() => jobs.every(({ id }) => phaseOf(window, id) === 'saved'));
  assert.deepEqual(resultFiles(disk), ['Anna-Headshot.PNG', 'anna-headshot-2.png', 'anna-headshot-3.png']);
});

test("saves a result even if its partial download can't be removed", async () => {
  const { clock, disk, server, open } = scene();
  server.results = 2;
  const window = open({
    before: (operation, path) => {
      if (operation === 'remove' && path.endsWith('.part'))
        throw Object.assign(new Error('EBUSY'), { code: 'EBUSY' });
    },
  });
  const job = await submitOne(window);
  await clock.until(() => isEnded(window.jobs.get(job.id) ?? job));
  assert.equal(phaseOf(window, job.id), 'saved', JSON.stringify(window.jobs.get(job.id)?.failure));
  const results = resultFiles(disk).filter(name => !name.endsWith('.part'));
  assert.deepEqual(results, ['anna-headshot-2.png', 'anna-headshot.png']);
});

test("waits while its record can't be read, then saves the result", async () => {
  const { clock, open } = scene();
  let isUnreadable = false;
  const window = open({
    before: (operation, path) => {
      if (isUnreadable && operation === 'read' && path.includes('/records/'))
        throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
  });
  const subscription = window.jobs.onDidChange(job => {
    isUnreadable ||= job?.phase === 'downloading';
  });
  const job = await submitOne(window);
  await clock.until(() => isUnreadable);
  await clock.advance(5_000);
  assert.equal(phaseOf(window, job.id), 'downloading');
  subscription.dispose();
  isUnreadable = false;
  await clock.until(() => isEnded(window.jobs.get(job.id) ?? job));
  assert.equal(phaseOf(window, job.id), 'saved');
});

test('saves every result of a project', async () => {
  const { clock, disk, server, open } = scene();
  server.results = 3;
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.deepEqual(resultFiles(disk), ['anna-headshot-2.png', 'anna-headshot-3.png', 'anna-headshot.png']);
});

test('creates nothing if a job is stopped before the create request', async () => {
  const { clock, server, open } = scene();
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'uploading');
  await window.jobs.stop(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'stopped');
  assert.equal(server.creates, 0);
  await clock.advance(10_000);
  assert.equal(clock.timers, 0);
});

test('stops a job while the key store waits for the user', async () => {
  const { clock, server, open } = scene();
  const window = open({ ports: { api: () => new Promise(() => {}) } });
  const job = await submitOne(window);
  await window.jobs.stop(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'stopped');
  assert.equal(server.creates, 0);
});

test('creates nothing with a key that is removed during the upload', async () => {
  const { clock, server, open } = scene();
  let hasKey = true;
  const window = open({ hasKey: () => hasKey });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'uploading');
  hasKey = false;
  await clock.until(() => window.jobs.get(job.id)?.blocked !== undefined || server.creates > 0);
  assert.equal(server.creates, 0);
  hasKey = true;
  await window.jobs.unblock();
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(server.creates, 1);
});

test('waits for the response to a create request when a job is stopped, so that it can be resumed', async () => {
  const { clock, disk, server, open } = scene();
  const window = open();
  server.faults.lostResponse.push(() => clock.wait(5_000));
  const job = await submitOne(window);
  await clock.until(() => server.projects.size === 1);
  await window.jobs.stop(job.id);
  assert.equal(phaseOf(window, job.id), 'creating');
  await clock.until(() => phaseOf(window, job.id) === 'stopped');
  assert.equal(window.jobs.get(job.id)?.projectId, 'p1');
  await window.jobs.resume(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
  assert.equal(server.creates, 1);
});

test('resumes a project after waiting was stopped instead of creating another one', async () => {
  const { clock, server, open } = scene();
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'waiting');
  await window.jobs.stop(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'stopped');
  await assert.rejects(window.jobs.retry(job.id), { text: { key: 'job.changed' } });
  await window.jobs.resume(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(server.creates, 1);
});

test("stops waiting for a project that is deleted on the server, and can't resume it", async () => {
  const { clock, disk, server, open } = scene();
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'waiting');
  await window.jobs.deleteOnServer(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'stopped');
  assert.equal(server.projects.get('p1')?.enabled, false);
  await assert.rejects(window.jobs.resume(job.id), { text: { key: 'job.changed' } });
  await clock.advance(60_000);
  assert.deepEqual(resultFiles(disk), []);
  assert.equal(clock.timers, 0);
});

/** A window that downloads half of a result and then calls `then`. */
const halfDownload = (disk: MemoryDisk, then: (signal: AbortSignal | undefined) => Promise<unknown>) => ({
  download: async (_api: unknown, _result: unknown, path: string, options: { signal?: AbortSignal }) => {
    disk.write(path, 'half of the result');
    await then(options.signal);
    throw new Error('Not reached');
  },
});

test('leaves no partial download of a project that is deleted on the server', async () => {
  const { clock, disk, open } = scene();
  const window = open({ ports: halfDownload(disk, signal => clock.wait(60_000, signal)) });
  const job = await submitOne(window);
  await clock.until(() => resultFiles(disk).length > 0);
  await window.jobs.deleteOnServer(job.id);
  await clock.advance(10_000);
  assert.deepEqual(resultFiles(disk), []);
});

test('leaves no partial download of a window that died when its project is deleted on the server', async () => {
  const { clock, disk, open } = scene();
  const worker = open({ ports: halfDownload(disk, signal => clock.wait(60_000, signal)) });
  const other = open();
  const job = await submitOne(worker);
  await clock.until(() => resultFiles(disk).length > 0);
  await other.jobs.refresh();
  worker.kill();
  await other.jobs.deleteOnServer(job.id);
  await clock.until(() => phaseOf(other, job.id) === 'stopped');
  assert.deepEqual(resultFiles(disk), []);
});

test('leaves no partial download of a window that died when its job is stopped', async () => {
  for (const deathIsSeen of [true, false]) {
    const { clock, disk, open } = scene({ deathIsSeen });
    const [worker, other] = [
      open({ ports: halfDownload(disk, signal => clock.wait(60_000, signal)) }),
      open(),
    ];
    const job = await submitOne(worker);
    await clock.until(() => resultFiles(disk).length > 0);
    await other.jobs.refresh();
    worker.kill();
    await other.jobs.stop(job.id);
    await clock.until(() => phaseOf(other, job.id) === 'stopped', 30_000);
    assert.deepEqual(resultFiles(disk), []);
    await other.jobs.resume(job.id);
    await clock.until(() => phaseOf(other, job.id) === 'saved');
    assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
  }
});

test('leaves no partial download when its window closes or loses the job', async () => {
  const { clock, disk, open } = scene({ deathIsSeen: false });
  let asleep: Promise<void> | undefined;
  // The window is suspended before it creates the partial download.
  const ports: WindowOptions['ports'] = {
    download: async (_api, _result, path, { signal }) => {
      asleep = clock.wait(60_000);
      await asleep;
      disk.write(path, 'half of the result');
      return clock.wait(60_000, signal).then(() => assert.fail('not reached'));
    },
  };
  const suspended = open({ gate: () => asleep, before: () => asleep, ports });
  const other = open({ ports: halfDownload(disk, signal => clock.wait(120_000, signal)) });
  const job = await submitOne(suspended);
  await clock.until(() => asleep !== undefined);
  await other.jobs.refresh();
  await clock.until(() => resultFiles(disk).length > 0, 59_000);
  await clock.advance(80_000);
  assert.equal(phaseOf(suspended, job.id), 'downloading');
  assert.equal(resultFiles(disk).length, 1, 'only the one of the other window');
  await Promise.all([other.jobs.dispose(), clock.advance(10)]);
  assert.deepEqual(resultFiles(disk), []);
});

test('leaves no partial download of a job that waits for a key when it is stopped', async () => {
  const { clock, disk, open } = scene();
  const window = open({ ports: halfDownload(disk, () => Promise.reject(refusal(401))) });
  const job = await submitOne(window);
  await clock.until(() => window.jobs.get(job.id)?.blocked !== undefined);
  await window.jobs.stop(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'stopped', 30_000);
  assert.deepEqual(resultFiles(disk), []);
});

test('continues with the second project when the first one is deleted on the server in the meantime', async () => {
  const { clock, server, open } = scene();
  const [window, other] = [open(), open()];
  const job = await submitOne(window);
  await clock.until(() => server.projects.size === 1);
  Object.assign(server.projects.get('p1') ?? {}, { status: 'error' });
  await clock.until(() => phaseOf(window, job.id) === 'failed');
  server.faults.delete.push(() => clock.wait(5_000));
  const deleted = other.jobs.deleteOnServer(job.id);
  await settle();
  await window.jobs.retry(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'waiting');
  await Promise.all([deleted, clock.advance(5_000)]);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(window.jobs.get(job.id)?.projectId, 'p2');
  assert.equal(window.jobs.get(job.id)?.deletedOnServer, undefined);
});

test('asks about a stopped job without a response, even if the disk was full when it was lost', async () => {
  const { clock, server, open } = scene();
  let isFull = false;
  const window = open({
    before: operation => {
      if (isFull && operation === 'create') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  });
  server.faults.lostResponse.push(async () => {
    await clock.wait(5_000);
    throw refusal(undefined, { mayHaveBeenCreated: true });
  });
  const job = await submitOne(window);
  await clock.until(() => server.projects.size === 1);
  await window.jobs.stop(job.id);
  isFull = true;
  await clock.advance(10_000);
  isFull = false;
  await clock.until(() => phaseOf(window, job.id) === 'unknown', 120_000);
  await window.jobs.answer(job.id, { projectId: 'p1' });
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(server.creates, 1);
});

test('asks about a job that is stopped while the disk reports that its create request was not recorded', async () => {
  const { clock, server, open } = scene();
  let failed = false;
  const window = open({
    after: (operation, path) => {
      if (failed || operation !== 'create' || !path.endsWith('/1.json')) return;
      failed = true;
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    },
  });
  const job = await submitOne(window);
  await clock.until(() => failed);
  await settle();
  await window.jobs.stop(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'unknown', 30_000);
  assert.equal(server.creates, 0);
});

test('keeps asking when a stop comes too late', async () => {
  const { clock, server, open } = scene();
  const [worker, other] = [open(), open()];
  server.faults.lostResponse.push(async () => {
    await clock.wait(5_000);
    throw refusal(undefined, { mayHaveBeenCreated: true });
  });
  const job = await submitOne(worker);
  await clock.until(() => server.projects.size === 1);
  await other.jobs.refresh();
  // This window's view of the job is out of date.
  await clock.until(() => phaseOf(worker, job.id) === 'unknown');
  await other.jobs.stop(job.id);
  await clock.advance(1_000);
  assert.equal((await other.jobs.find(job.id))?.phase, 'unknown');
  await other.jobs.answer(job.id, { projectId: 'p1' });
  await clock.until(() => phaseOf(other, job.id) === 'saved');
  assert.equal(server.creates, 1);
});

test("takes back a submission that can't be stored, but not a job that another window took over", async () => {
  const { clock, server, open } = scene();
  server.faults.lostResponse.push(() => clock.wait(60_000));
  // The window is suspended while writing its second job, for so long that it's considered gone. Then the disk is full.
  let suspended: Promise<void> | undefined;
  const asleep = open({
    gate: () => suspended,
    before: async (operation, path) => {
      const isSecond = operation === 'create' && path.endsWith('-0002/0.json');
      if (isSecond) suspended = clock.wait(60_000);
      await suspended;
      if (isSecond) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  });
  const other = open();
  const submission = asleep.jobs.submit([request(), request()]);
  const refused = assert.rejects(submission, { name: 'HumanError' });
  await settle();
  await other.jobs.refresh();
  await clock.until(() => server.projects.size === 1, 59_000);
  await clock.advance(60_000);
  await refused;
  await clock.advance(60_000);
  const [job, second] = await other.jobs.history();
  assert.equal(second, undefined);
  assert.equal(job?.projectId, 'p1');
  assert.equal(job.phase, 'stopped');
  assert.equal(server.creates, 1);
});

test('lets another window stop a job', async () => {
  const { clock, server, open } = scene();
  const [worker, other] = [open(), open()];
  server.renderTime = 1e9;
  const job = await submitOne(worker);
  await clock.until(() => phaseOf(worker, job.id) === 'waiting');
  await other.jobs.refresh();
  assert.equal(phaseOf(other, job.id), 'waiting');
  await other.jobs.stop(job.id);
  await clock.until(
    () => phaseOf(worker, job.id) === 'stopped' && phaseOf(other, job.id) === 'stopped',
    10_000,
  );
});

test('asks when a response is lost, and saves the project once the user enters its ID', async () => {
  const { clock, disk, server, open } = scene();
  const window = open();
  server.faults.lostResponse.push(() => {
    throw refusal(undefined, { mayHaveBeenCreated: true });
  });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'unknown');
  await clock.advance(60_000);
  assert.equal(server.creates, 1);
  assert.equal(clock.timers, 0);
  await assert.rejects(window.jobs.answer(job.id, { projectId: 'nonsense' }), { name: 'ApiError' });
  await window.jobs.answer(job.id, { projectId: 'p1' });
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
});

test("doesn't save a project that belongs to another job, even a very old one", async () => {
  const { clock, disk, server, open } = scene();
  const earlier = open();
  const saved = await submitOne(earlier);
  await clock.until(() => phaseOf(earlier, saved.id) === 'saved');
  await Promise.all([earlier.jobs.dispose(), clock.advance(10)]);
  const window = open();
  server.faults.lostResponse.push(() => {
    throw refusal(500, { mayHaveBeenCreated: true });
  });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'unknown');
  await assert.rejects(window.jobs.answer(job.id, { projectId: 'p1' }), { text: { key: 'answer.otherJob' } });
  await window.jobs.answer(job.id, { projectId: 'p2' });
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(resultFiles(disk).length, 2);
});

test('asks in only one window about a create request that a crash left without a response', async () => {
  const { clock, server, open } = scene();
  const worker = open();
  server.faults.lostResponse.push(() => clock.wait(60_000));
  const job = await submitOne(worker);
  await clock.until(() => server.projects.size === 1);
  worker.kill();
  const [finder, late] = [open(), open()];
  await finder.jobs.refresh();
  await clock.until(() => phaseOf(finder, job.id) === 'unknown');
  await late.jobs.refresh();
  assert.equal(finder.jobs.get(job.id)?.isHere, true);
  assert.equal(phaseOf(late, job.id), 'unknown');
  assert.equal(late.jobs.get(job.id)?.isHere, undefined);
});

test('creates a job with a lost response again if the user says so', async () => {
  const { clock, server, open } = scene();
  const window = open();
  server.faults.lostResponse.push(() => {
    throw refusal(500, { mayHaveBeenCreated: true });
  });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'unknown');
  await window.jobs.answer(job.id, 'createAgain');
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(server.creates, 2);
  assert.equal(window.jobs.get(job.id)?.approval, 2);
});

test('asks in the next window, and creates nothing, after a crash during a create request', async () => {
  const { clock, server, open } = scene();
  const window = open();
  server.faults.create.push(() => new Promise(() => {}));
  const job = await submitOne(window);
  await clock.until(() => server.creates === 1);
  window.kill();
  const next = open();
  await next.jobs.refresh();
  await clock.advance(60_000);
  assert.equal(phaseOf(next, job.id), 'unknown');
  assert.equal(server.creates, 1);
});

test('answers the question itself when the response of a suspended window arrives late', async () => {
  const { clock, disk, server, job, other } = await suspendedAtCreate();
  await clock.until(() => phaseOf(other, job.id) === 'saved', 90_000);
  assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
  assert.equal(server.creates, 1);
});

test("doesn't create a job in a suspended window after another window created it and the user removed it", async () => {
  const { clock, server, open } = scene({ deathIsSeen: false });
  let asleep: Promise<void> | undefined;
  const submitted = Promise.withResolvers<void>();
  const fallAsleep = async () => {
    await submitted.promise;
    asleep = clock.wait(120_000);
    return { image: 'api-assets/image.png' };
  };
  const sleeper = open({
    gate: () => asleep,
    before: () => asleep,
    ports: { uploads: { upload: fallAsleep, forget: () => Promise.resolve() } },
  });
  const other = open();
  const job = await submitOne(sleeper);
  submitted.resolve();
  await other.jobs.refresh();
  await clock.until(() => phaseOf(other, job.id) === 'saved', 90_000);
  await other.jobs.remove(job.id);
  await clock.advance(120_000);
  assert.equal(server.creates, 1);
  assert.deepEqual(await other.jobs.history(), []);
});

test("takes over from a dead window within 30 s, even if the system doesn't report that it died", async () => {
  for (const deathIsSeen of [true, false]) {
    const { clock, disk, server, open } = scene({ deathIsSeen });
    server.renderTime = 1e6;
    const [worker, other] = [open(), open()];
    const job = await submitOne(worker);
    await clock.until(() => phaseOf(worker, job.id) === 'waiting');
    await other.jobs.refresh();
    await clock.advance(9_000);
    worker.kill();
    const looks = server.polls;
    await clock.until(() => server.polls > looks, 30_000);
    server.renderTime = 0;
    await clock.until(() => phaseOf(other, job.id) === 'saved');
    assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
    assert.equal(server.creates, 1);
  }
});

test('runs a job in only one window when the clock jumps', async () => {
  const { clock, disk, server, open } = scene({ deathIsSeen: false });
  server.renderTime = 200_000;
  const windows = [open(), open()] as const;
  const [job] = await windows[0].jobs.submit([request()]);
  assert.ok(job);
  await windows[1].jobs.refresh();
  await clock.until(() => phaseOf(windows[1], job.id) === 'waiting');
  for (const jump of [5 * 3_600_000, -9 * 3_600_000]) {
    clock.jump(jump);
    await clock.advance(40_000);
    assert.equal(windows[1].jobs.get(job.id)?.progress, undefined);
    assert.notEqual(windows[0].jobs.get(job.id), undefined);
  }
  clock.jump(4 * 3_600_000);
  await clock.until(() => windows.every(window => phaseOf(window, job.id) === 'saved'));
  assert.equal(server.creates, 1);
  assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
});

test('blocks a job whose key is rejected, and continues it with a new key', async () => {
  let hasKey = false;
  const { clock, server, open } = scene({ hasKey: () => hasKey });
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => window.jobs.get(job.id)?.blocked !== undefined);
  await clock.advance(60_000);
  assert.equal(clock.timers, 0);
  hasKey = true;
  server.faults.project.push(() => {
    throw refusal(401, { operation: 'project' });
  });
  await window.jobs.unblock();
  await clock.until(() => window.jobs.get(job.id)?.blocked !== undefined);
  assert.equal(phaseOf(window, job.id), 'waiting');
  await window.jobs.unblock();
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(server.creates, 1);
});

test('retries a create request that was refused with 429 after the requested wait, and ends after any other refusal', async () => {
  const { clock, server, open } = scene();
  const window = open();
  const at: number[] = [];
  for (const retryAfter of [20_000, 3_000])
    server.faults.create.push(() => {
      at.push(clock.passed);
      throw refusal(429, { retryAfter });
    });
  server.faults.create.push(() => {
    at.push(clock.passed);
    throw refusal(402);
  });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'failed');
  assert.equal(server.creates, 3);
  assert.ok((at[1] ?? 0) - (at[0] ?? 0) >= 20_000);
  assert.equal(window.jobs.get(job.id)?.failure?.status, 402);
  await window.jobs.retry(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(window.jobs.get(job.id)?.approval, 2);
});

test('uploads files that the server no longer has again, once', async () => {
  const { clock, server, open } = scene();
  const window = open();
  const gone = () => {
    throw refusal(422, { transient: false, serverWords: 'File api-assets/image.png not found' });
  };
  server.faults.create.push(gone);
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  server.faults.create.push(gone, gone);
  const second = await submitOne(window);
  await clock.until(() => phaseOf(window, second.id) === 'failed');
  assert.equal(server.projects.size, 1);
});

test('uploads a result instead of using the library once the server refuses it for any reason', async () => {
  for (const status of [400, 404, 422]) {
    const { clock, disk, server, open } = scene();
    const window = open();
    const first = await submitOne(window);
    await clock.until(() => phaseOf(window, first.id) === 'saved');
    const { stamp = '', results } = window.jobs.get(first.id) ?? {};
    const url = 'https://magichour.ai/my-library?imageId=p1';
    server.faults.create.push(() => {
      throw refusal(status, { transient: false, serverWords: 'Bad request' });
    });
    const image = { kind: 'file', uri: results?.[0] ?? '', library: { url, stamp } } as const;
    const [job] = await window.jobs.submit([request({ inputs: { image } })]);
    await clock.until(() => phaseOf(window, job?.id ?? '') === 'saved');
    assert.equal(window.jobs.get(job?.id ?? '')?.approval, 1);
    assert.equal(server.projects.size, 2);
    assert.match(JSON.stringify(server.projects.get('p2')?.body), /api-assets\/image\.png/);
    assert.equal(resultFiles(disk).length, 2);
  }
});

test('explains why a project failed, and ignores polls that fail', async () => {
  const { clock, server, open } = scene();
  const window = open();
  for (const status of [503, undefined, 403, 500])
    server.faults.project.push(() => {
      throw refusal(status, { operation: 'project' });
    });
  const job = await submitOne(window);
  await clock.until(() => server.projects.size === 1);
  const project = server.projects.get('p1');
  assert.ok(project);
  project.status = 'error';
  project.error = { code: 'no_source_face', message: 'No face <b>found</b>' };
  await clock.until(() => phaseOf(window, job.id) === 'failed');
  const { failure, creditsCharged } = window.jobs.get(job.id) ?? {};
  assert.equal(failure?.message.key, 'project.noFace');
  assert.equal(failure?.serverWords, 'No face <b>found</b>');
  assert.equal(creditsCharged, 0);
});

test('ends a job whose project is missing or deleted', async () => {
  for (const gone of ['missing', 'deleted']) {
    const { clock, server, open } = scene();
    server.renderTime = 1e9;
    const window = open();
    const job = await submitOne(window);
    await clock.until(() => server.projects.size === 1);
    if (gone === 'missing') server.projects.clear();
    else for (const project of server.projects.values()) project.enabled = false;
    await clock.until(() => phaseOf(window, job.id) === 'failed');
    assert.equal(window.jobs.get(job.id)?.failure?.message.key, `project.${gone}`);
  }
});

test('keeps waiting on unknown statuses, and asks the user after a day', async () => {
  const { clock, server, open } = scene();
  server.renderTime = 1e9;
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => server.projects.size === 1);
  for (const project of server.projects.values()) project.status = 'other';
  await clock.advance(3_600_000);
  assert.equal(phaseOf(window, job.id), 'waiting');
  await clock.until(() => phaseOf(window, job.id) === 'failed', 30 * 3_600_000);
  assert.equal(window.jobs.get(job.id)?.failure?.message.key, 'project.endless');
  for (const project of server.projects.values()) project.status = 'complete';
  await window.jobs.resume(job.id);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
});

test("saves a result to another folder if its own isn't writable, without a new charge", async () => {
  const { clock, disk, server, open } = scene({
    before: (operation, path) => {
      if (operation === 'makeFolder' && path === '/readonly')
        throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
    },
  });
  const window = open();
  const [job] = await window.jobs.submit([request({ folder: 'file:///readonly' })]);
  assert.ok(job);
  await clock.until(() => phaseOf(window, job.id) === 'failed');
  const { failure } = window.jobs.get(job.id) ?? {};
  assert.deepEqual(failure?.message, { key: 'save.notWritable', args: { folder: '/readonly' } });
  assert.equal(failure?.suggestedAction, 'chooseFolder');
  assert.equal(failure?.resumable, true);
  await window.jobs.resume(job.id, { folder: 'file:///elsewhere' });
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.deepEqual(disk.list('/elsewhere'), ['anna-headshot.png']);
  assert.equal(server.creates, 1);
});

test("runs only a few jobs of a window at once, oldest first; waiting for the server doesn't count", async () => {
  let limit = 2;
  const { clock, server, open } = scene({ limit: () => limit });
  server.renderTime = 100_000;
  let [busy, most] = [0, 0];
  const order: string[] = [];
  const assets = {
    prepare: async (_tool: unknown, { stem }: { readonly stem: string }) => {
      order.push(stem);
      most = Math.max(most, ++busy);
      await clock.wait(1_000);
      busy--;
      return {
        inputs: { image: { kind: 'reference', reference: 'https://a.example/a.png' } as const },
        dispose: () => Promise.resolve(),
      };
    },
  };
  const window = open({ ports: { assets } });
  await window.jobs.submit(['a', 'b', 'c', 'd'].map(stem => request({ stem })));
  await clock.advance(10);
  await window.jobs.submit(['e', 'f'].map(stem => request({ stem })));
  await clock.until(() => server.projects.size === 6, 60_000);
  assert.equal(most, 2);
  assert.equal(order.join(''), 'abcdef');
  for (limit of [0, Number.NaN, -3]) {
    most = 0;
    const [made] = [server.projects.size];
    await window.jobs.submit([request(), request()]);
    await clock.until(() => server.projects.size === made + 2, 60_000);
    assert.equal(most, 1, `a limit of ${limit}`);
  }
});

test('completes 500 concurrent jobs, with one timer each while they wait', async () => {
  const { clock, disk, server, open } = scene();
  const window = open();
  for (let index = 0; index < 50; index++)
    server.faults.create.push(() => {
      throw refusal(400, { transient: false });
    });
  const jobs = await window.jobs.submit(Array.from({ length: 500 }, () => request()));
  let most = 0;
  await clock.until(() => {
    most = Math.max(most, clock.timers);
    return jobs.every(
      ({ id }) => window.jobs.get(id) === undefined || isEnded(window.jobs.get(id) ?? { phase: 'queued' }),
    );
  });
  assert.equal(resultFiles(disk).length, 450);
  assert.equal((await window.jobs.history()).filter(({ phase }) => phase === 'failed').length, 50);
  assert.ok(most < 520, `${most} timers`);
  assert.ok(window.jobs.current.length <= 200);
});

test('immediately releases the jobs of a window that closes', async () => {
  const { clock, server, open } = scene({ deathIsSeen: false });
  server.renderTime = 1e6;
  const [first, second] = [open(), open()];
  const job = await submitOne(first);
  await clock.until(() => phaseOf(first, job.id) === 'waiting');
  await second.jobs.refresh();
  await Promise.all([first.jobs.dispose(), clock.advance(10)]);
  const looks = server.polls;
  await clock.until(() => server.polls > looks, 5_000);
});

test('writes no secret anywhere', async () => {
  const { clock, disk, open } = scene();
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  await settle();
  assert.ok(disk.everWritten.length > 5);
  assert.ok(!disk.everWritten.some(text => /SIGNED-SECRET/.test(text)));
  assert.ok(!window.log.some(text => /SIGNED-SECRET/.test(text)));
});

test('polls again after at most two minutes, even if the server asks for a longer wait, and shows the wait', async () => {
  const { clock, server, open } = scene();
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'waiting');
  server.faults.project.push(() => {
    throw refusal(429, { operation: 'project', retryAfter: 86_400_000 });
  });
  await clock.until(() => window.jobs.get(job.id)?.progress?.trouble !== undefined);
  const { retryAt = 0 } = window.jobs.get(job.id)?.progress?.trouble ?? {};
  assert.ok(retryAt - clock.now() <= 121_000);
  await clock.until(() => phaseOf(window, job.id) === 'saved', 125_000);
});

test("doesn't end a job when the clock is set forward by two days", async () => {
  const { clock, server, open } = scene();
  server.renderTime = 60_000;
  const first = open();
  const job = await submitOne(first);
  await clock.until(() => phaseOf(first, job.id) === 'waiting');
  clock.jump(2 * 86_400_000);
  await clock.advance(10_000);
  assert.equal(phaseOf(first, job.id), 'waiting');
  // A window that takes over the job doesn't end it, either.
  first.kill();
  const second = open();
  await second.jobs.refresh();
  clock.jump(2 * 86_400_000);
  await clock.until(() => phaseOf(second, job.id) === 'saved', 120_000);
});

test('counts the day of waiting across windows', async () => {
  const { clock, server, open } = scene();
  server.renderTime = 1e9;
  let window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'waiting');
  for (let times = 0; times < 2; times++) {
    await clock.advance(9 * 3_600_000);
    window.kill();
    window = open();
    await window.jobs.refresh();
    assert.equal(phaseOf(window, job.id), 'waiting');
  }
  await clock.until(() => phaseOf(window, job.id) === 'failed', 9 * 3_600_000);
  assert.equal(window.jobs.get(job.id)?.failure?.message.key, 'project.endless');
});

test('keeps the project of a response that comes after the job was created again', async () => {
  const { clock, job, other } = await suspendedAtCreate();
  await other.jobs.answer(job.id, 'createAgain');
  await clock.until(() => phaseOf(other, job.id) === 'saved', 30_000);
  await clock.advance(60_000);
  await other.jobs.refresh();
  const found = (await other.jobs.history()).find(({ id }) => id === job.id);
  assert.equal(found?.projectId, 'p2');
  assert.deepEqual(found.earlierProjects, ['p1']);
});

test('brings a removed job back when its response arrives, so that its project can be saved', async () => {
  const { clock, disk, server, job, other } = await suspendedAtCreate();
  await other.jobs.answer(job.id, 'dismiss');
  await other.jobs.remove(job.id);
  assert.deepEqual(await other.jobs.history(), []);
  await clock.advance(60_000);
  const [found] = await other.jobs.history();
  assert.equal(found?.projectId, 'p1');
  await other.jobs.resume(job.id);
  await clock.until(() => phaseOf(other, job.id) === 'saved');
  assert.deepEqual(resultFiles(disk), ['anna-headshot.png']);
  assert.equal(server.creates, 1);
});

test('keeps the project of a late response, even if the disk is full at that time', async () => {
  const { clock, server, open } = scene({ deathIsSeen: false });
  let asleep: Promise<void> | undefined;
  let isFull = false;
  const suspended = open({
    gate: () => asleep,
    before: operation => {
      if (isFull && operation === 'create') throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    },
  });
  const other = open();
  server.faults.lostResponse.push(() => {
    asleep = clock.wait(60_000);
  });
  const job = await submitOne(suspended);
  await other.jobs.refresh();
  await clock.until(() => phaseOf(other, job.id) === 'unknown', 30_000);
  await other.jobs.answer(job.id, 'dismiss');
  isFull = true;
  await clock.advance(90_000);
  isFull = false;
  await clock.advance(90_000);
  const history = await open().jobs.history();
  assert.equal(history[0]?.projectId, 'p1');
});

test('continues a blocked job when a window starts with a key', async () => {
  let hasKey = false;
  const { clock, server, open } = scene({ hasKey: () => hasKey });
  const first = open();
  const job = await submitOne(first);
  await clock.until(() => first.jobs.get(job.id)?.blocked !== undefined);
  await open().jobs.refresh();
  assert.ok(first.jobs.get(job.id)?.blocked);
  hasKey = true;
  const second = open();
  await second.jobs.refresh();
  await clock.until(() => phaseOf(second, job.id) === 'saved');
  assert.equal(server.creates, 1);
});

test('downloads at most 16 results', async () => {
  const { clock, disk, server, open } = scene();
  server.results = 2_000;
  const window = open();
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'saved');
  assert.equal(resultFiles(disk).length, 16);
});

test('creates nothing before the whole submission is on disk', async () => {
  const { clock, server, open } = scene();
  const written = Promise.withResolvers<void>();
  const window = open({
    before: async (operation, path) => {
      if (operation === 'create' && path.endsWith('-0002/0.json')) await written.promise;
    },
  });
  const submission = window.jobs.submit([request(), request()]);
  await clock.until(() => window.jobs.current.every(({ phase }) => phase === 'creating'));
  await clock.advance(10_000);
  assert.equal(server.creates, 0);
  written.resolve();
  const jobs = await submission;
  await clock.until(() => jobs.every(({ id }) => phaseOf(window, id) === 'saved'));
});

test("rejects a request that couldn't be stored before anything is written", async () => {
  const { disk, open } = scene();
  const window = open();
  const invalid = [
    request({ values: { stylePrompt: 'x'.repeat(200_000) } }),
    request({ inputs: { image: { kind: 'url', url: `https://a.example/${'x'.repeat(200_000)}` } } }),
    request({ estimate: { credits: Number.NaN, exact: true } }),
    request({ tool: 'no such tool' }),
  ];
  for (const each of invalid)
    await assert.rejects(window.jobs.submit([request(), each]), { text: { key: 'store.invalidRequest' } });
  assert.equal(disk.files.size, 0);
});

test('completes a job with a prompt of 20,001 characters and a URL of 8,001', async () => {
  const { clock, open } = scene();
  const window = open();
  const [job] = await window.jobs.submit([
    request({
      values: { stylePrompt: 'x'.repeat(20_001) },
      inputs: { image: { kind: 'url', url: `https://a.example/${'x'.repeat(8_001)}` } },
    }),
  ]);
  await clock.until(() => phaseOf(window, job?.id ?? '') === 'saved');
  assert.equal((await open().jobs.history()).length, 1);
});

test('keeps a waiting job when the storage is deleted, tells the user, and accepts new jobs', async () => {
  const { clock, disk, server, open } = scene();
  server.renderTime = 60_000;
  const told: string[] = [];
  const window = open({ ports: { notify: ({ key }) => told.push(key) } });
  const job = await submitOne(window);
  await clock.until(() => phaseOf(window, job.id) === 'waiting');
  for (const path of disk.files.keys()) if (path.startsWith('/storage/')) disk.files.delete(path);
  await clock.advance(5_000);
  assert.deepEqual(told, ['store.restored']);
  const second = await submitOne(window);
  // The window dies, but the next window can continue with the restored records.
  window.kill();
  const next = open();
  await next.jobs.refresh();
  await clock.until(() => [job, second].every(({ id }) => phaseOf(next, id) === 'saved'));
  assert.equal(server.creates, 2);
});

test('finds nothing for an invalid ID, without using the disk', async () => {
  const { open } = scene();
  let operations = 0;
  const window = open({ before: () => void operations++ });
  assert.equal(await window.jobs.find('../../windows/x'), undefined);
  assert.equal(operations, 0);
});

test('continues a job whose response comes after its window was closed', async () => {
  const { clock, server, open } = scene();
  const [closing, other] = [open(), open()];
  server.faults.lostResponse.push(() => clock.wait(30_000));
  const job = await submitOne(closing);
  await clock.until(() => server.projects.size === 1);
  await Promise.all([closing.jobs.dispose(), clock.advance(5_000)]);
  await other.jobs.refresh();
  await clock.until(() => phaseOf(other, job.id) === 'unknown', 10_000);
  await clock.until(() => phaseOf(other, job.id) === 'saved', 60_000);
  assert.equal(server.creates, 1);
});

test('stops a job while an earlier change of it is still being stored (found by the model)', async () => {
  const { clock, open } = scene();
  const stopped = Promise.withResolvers<void>();
  let isFirst = true;
  const window = open({
    before: async (operation, path) => {
      if (operation !== 'remove' || !path.endsWith('/1.json') || !isFirst) return;
      isFirst = false;
      await stopped.promise;
    },
  });
  const job = await submitOne(window);
  await clock.until(() => !isFirst);
  await window.jobs.stop(job.id);
  // If the job isn't stopped here, it blocks the event loop forever.
  setTimeout(() => stopped.resolve(), 0);
  await clock.until(() => phaseOf(window, job.id) === 'stopped', 60_000);
});
