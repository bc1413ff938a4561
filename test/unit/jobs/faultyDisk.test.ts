import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { suite, test } from 'node:test';
import { isActive, isEnded, type JobView } from '../../../src/jobs/job.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { MemoryServer } from '../../support/memoryServer.ts';
import { type ArmedFault, type DiskFault, type FaultyDisk, faultyDisk } from '../../support/faultyDisk.ts';
import { openWindow, request, storage, type Window, workspace } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

interface Scene {
  readonly clock: VirtualClock;
  readonly disk: MemoryDisk;
  readonly server: MemoryServer;
  readonly window: Window;
  readonly faults: FaultyDisk;
}

function open(seed: number, hardLinks = true): Scene {
  const clock = new VirtualClock({ seed });
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  let faults: FaultyDisk | undefined;
  const window = openWindow(clock, disk, server, {
    wrapDisk: each => (faults = faultyDisk(each, { hardLinks })),
  });
  assert.ok(faults);
  return { clock, disk, server, window, faults };
}

const results = (disk: MemoryDisk): string[] => disk.list(workspace).toSorted();

/** Runs a job on a disk with a fault and returns how the job ended. Returns undefined if the fault wasn't triggered. */
async function runInto(armed: ArmedFault): Promise<JobView | 'refused' | undefined> {
  const { clock, disk, server, window, faults } = open(7);
  await window.jobs.refresh();
  faults.arm(armed);
  const submitted = await clock
    .settled(window.jobs.submit([request()]))
    .catch((error: unknown) => (error instanceof HumanError ? undefined : Promise.reject(error)));
  const hasStruck = () => faults.struck.size > 0;
  const [first] = submitted ?? [];
  if (!first) {
    await clock.advance(120_000);
    assert.equal(server.projects.size, 0, 'a rejected job must not be paid for');
    window.kill();
    return 'refused';
  }
  const now = () => window.jobs.get(first.id);
  await clock.until(() => !isActive(now() ?? first), 10 * 60_000);
  await clock.advance(60_000);
  const job = now();
  assert.equal(server.projects.size, 1, 'created exactly once');
  if (job?.phase === 'saved')
    assert.deepEqual(results(disk), ['anna-headshot.png'], 'one file, and nothing else');
  window.kill();
  return hasStruck() ? job : undefined;
}

/** Triggers the fault at the first operation of its kind in the life of a job, then at the second, and so on. */
async function atEveryStep(fault: DiskFault, path: RegExp): Promise<(JobView | 'refused')[]> {
  const ends: (JobView | 'refused')[] = [];
  for (let after = 0; after < 60; after++) {
    const end = await runInto({ fault, after, path });
    if (!end) return ends;
    ends.push(end);
  }
  return assert.fail('The fault never stops occurring');
}

const records = new RegExp(`^${storage}/jobs/`);
const anywhere = /^/;
const wordsOf = (end: JobView | 'refused'): string =>
  end === 'refused' ? 'refused' : [end.phase, end.failure?.message.key].filter(Boolean).join(' ');

suite('a disk that reports a failure after an operation took effect', () => {
  for (const operation of ['create', 'replace', 'remove'] as const)
    test(`pays once and saves, at every ${operation}`, async () => {
      const ends = await atEveryStep({ kind: 'doneButFailed', operation }, records);
      const expected = ends.map(end => (end === 'refused' ? 'refused' : 'saved'));
      assert.deepEqual(ends.map(wordsOf), expected);
      assert.ok(ends.length > 0);
      assert.ok(expected.filter(end => end === 'refused').length <= 2, 'only a submission may be rejected');
    });

  test('saves a result under one name only', async () => {
    const [end] = await atEveryStep({ kind: 'doneButFailed', operation: 'place' }, anywhere);
    assert.ok(end && end !== 'refused');
    assert.ok(end.phase === 'saved' || end.failure?.resumable, wordsOf(end));
  });
});

suite('a file server that reports a name it has just created as taken', () => {
  test('pays once and saves, for every record', async () => {
    const ends = await atEveryStep({ kind: 'doneButTaken', operation: 'create' }, records);
    assert.deepEqual(
      ends.map(wordsOf),
      ends.map(() => 'saved'),
    );
    assert.ok(ends.length > 3);
  });
});

suite('a folder whose listing is wrong', () => {
  for (const [kind, what] of [
    ['duplicateListing', 'contains files twice'],
    ['staleListing', 'is outdated'],
  ] as const)
    test(`pays once and saves, for every listing that ${what}`, async () => {
      const ends = await atEveryStep({ kind }, anywhere);
      assert.deepEqual(
        ends.map(wordsOf),
        ends.map(() => 'saved'),
      );
      assert.ok(ends.length > 0);
    });
});

suite("a record that is listed but can't be read", () => {
  for (const isAbsent of [true, false])
    test(`pays once and saves (the record ${isAbsent ? 'seems missing' : 'fails to read'})`, async () => {
      const ends = await atEveryStep({ kind: 'unreadable', times: 3, isAbsent }, records);
      const expected = ends.map(end => (end === 'refused' ? 'refused' : 'saved'));
      assert.deepEqual(ends.map(wordsOf), expected);
    });

  for (const isAbsent of [true, false])
    test(`isn't read in a loop without a pause (it ${isAbsent ? 'seems missing' : 'fails to read'})`, async () => {
      const scene = open(7);
      scene.server.renderTime = 3_600_000;
      const [job] = await scene.clock.settled(scene.window.jobs.submit([request()]));
      await scene.clock.until(() => scene.window.jobs.get(job?.id ?? '')?.phase === 'waiting', 60_000);
      scene.window.kill();
      let reads = 0;
      const other = openWindow(scene.clock, scene.disk, scene.server, {
        wrapDisk: each => ({
          ...each,
          read: async path => {
            if (!records.test(path) || !path.includes(job?.id ?? '?')) return each.read(path);
            reads++;
            // Without this limit, a loop without a pause would hang the test.
            if (reads > 500) return new Promise<never>(() => {});
            if (isAbsent) return undefined;
            throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
          },
        }),
      });
      other.jobs.refresh().catch(() => {});
      await scene.clock.advance(60_000);
      other.kill();
      assert.ok(reads <= 100, `read ${reads} times in a minute`);
      assert.equal(scene.server.projects.size, 1);
    });
});

suite('a file system without hard links', () => {
  test('pays once and saves', async () => {
    const scene = open(7, false);
    const [job] = await scene.clock.settled(scene.window.jobs.submit([request()]));
    const now = () => scene.window.jobs.get(job?.id ?? '');
    await scene.clock.until(() => now()?.phase === 'saved', 60_000);
    assert.deepEqual(results(scene.disk), ['anna-headshot.png']);
    scene.window.kill();
  });

  test('leaves no empty result and loses no job when a window dies between creating a file and writing it', async () => {
    const ends = new Set<string | undefined>();
    for (let survived = 0, isOver = false; !isOver; survived++) {
      const { window, clock, disk, server } = open(7, false);
      let left = Number.POSITIVE_INFINITY;
      const dying: Window = openWindow(clock, disk, server, {
        wrapDisk: each => faultyDisk(each, { hardLinks: false }),
        before: () => {
          if (left-- <= 0) dying.kill();
        },
      });
      const [job] = await clock.settled(dying.jobs.submit([request()]));
      assert.ok(job);
      left = survived;
      const ended = () => !isActive(dying.jobs.get(job.id) ?? job);
      await clock.until(() => !dying.isAlive || ended(), 60_000);
      isOver = dying.isAlive;
      dying.kill();
      await clock.settled(window.jobs.refresh());
      await clock.advance(10 * 60_000);
      const now = await clock.settled(window.jobs.find(job.id));
      const where = `killed after ${survived} operations`;
      ends.add(now?.phase);
      assert.ok(now && ['saved', 'unknown'].includes(now.phase), `${now?.phase} when ${where}`);
      assert.ok(server.projects.size <= 1, `bought twice when ${where}`);
      const files = results(disk);
      assert.deepEqual(files, now.phase === 'saved' ? ['anna-headshot.png'] : [], where);
      for (const name of files)
        assert.equal(disk.files.get(`${workspace}/${name}`)?.text, server.bytesOf('p1', 0), where);
      window.kill();
    }
    assert.deepEqual(ends, new Set(['saved', 'unknown']));
  });
});

test('saves a result with a very long name on a file system that limits names to 143 bytes, such as eCryptfs', async () => {
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const window = openWindow(clock, disk, new MemoryServer(clock), {
    before: (operation, path) => {
      if (['create', 'replace', 'place'].includes(operation) && Buffer.byteLength(basename(path)) > 143)
        throw Object.assign(new Error('ENAMETOOLONG'), { code: 'ENAMETOOLONG' });
    },
  });
  const requests = Array.from({ length: 3 }, () => request({ stem: '写真'.repeat(100) }));
  const jobs = await clock.settled(window.jobs.submit(requests));
  await clock.until(() => jobs.every(({ id }) => isEnded(window.jobs.get(id) ?? jobs[0]!)), 60_000);
  assert.deepEqual(
    jobs.map(({ id }) => window.jobs.get(id)?.phase),
    ['saved', 'saved', 'saved'],
  );
  assert.equal(results(disk).length, 3);
  window.kill();
});

suite('a storage folder that is deleted while a job runs', () => {
  for (const phase of ['waiting', 'downloading'] as const)
    test(`restores a job that is ${phase} and saves it`, async () => {
      const { window, clock, disk, server } = open(7);
      if (phase === 'downloading') server.faults.download.push(() => clock.wait(30_000));
      const [job] = await clock.settled(window.jobs.submit([request()]));
      assert.ok(job);
      await clock.until(() => window.jobs.get(job.id)?.phase === phase, 60_000);
      disk.removeFolder(storage);
      await clock.advance(120_000);
      assert.equal(window.jobs.get(job.id)?.phase, 'saved');
      assert.deepEqual(results(disk), ['anna-headshot.png']);
      assert.equal(server.projects.size, 1);
      window.kill();
    });

  test('restores a paid job even when its window dies afterward', async () => {
    const { window, clock, disk, server } = open(7);
    server.renderTime = 300_000;
    const [job] = await clock.settled(window.jobs.submit([request()]));
    assert.ok(job);
    await clock.until(() => window.jobs.get(job.id)?.phase === 'waiting', 60_000);
    disk.removeFolder(storage);
    await clock.advance(60_000);
    window.kill();
    const other = openWindow(clock, disk, server);
    await clock.settled(other.jobs.refresh());
    await clock.advance(600_000);
    assert.equal((await clock.settled(other.jobs.find(job.id)))?.phase, 'saved');
    assert.equal(server.projects.size, 1);
    other.kill();
  });

  test('accepts later submissions', async () => {
    const { window, clock, disk } = open(7);
    const [first] = await clock.settled(window.jobs.submit([request()]));
    await clock.until(() => window.jobs.get(first?.id ?? '')?.phase === 'saved', 60_000);
    await clock.advance(60_000);
    disk.removeFolder(storage);
    const [second] = await clock.settled(window.jobs.submit([request()]));
    await clock.until(() => window.jobs.get(second?.id ?? '')?.phase === 'saved', 60_000);
    window.kill();
  });
});
