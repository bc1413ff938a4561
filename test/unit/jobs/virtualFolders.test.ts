import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isActive, type JobView } from '../../../src/jobs/job.ts';
import { MemoryServer } from '../../support/memoryServer.ts';
import { openWindow, request, type Window, type WindowOptions } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';
import { VirtualFolder } from '../../support/virtualFolder.ts';

const folder = 'memfs:/out';
const target = `${folder}/anna.png`;
const inFolder = () => request({ folder, stem: 'anna' });

function scene(seed = 1) {
  const clock = new VirtualClock({ seed });
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  const remote = new VirtualFolder(clock, disk);
  const open = (options: WindowOptions = {}): Window => {
    const window: Window = openWindow(clock, disk, server, {
      ...options,
      ports: { remoteFiles: remote.adapter({ isAlive: () => window.isAlive }) },
    });
    return window;
  };
  return { clock, disk, server, remote, open };
}

/** Asserts that every job is saved in a separate file with its own result. */
function assertSavedSeparately(
  jobs: readonly (JobView | undefined)[],
  { server, remote }: ReturnType<typeof scene>,
) {
  const uris = jobs.flatMap(job => job?.results ?? []);
  assert.equal(new Set(uris).size, uris.length, `two jobs refer to one file: ${uris.join(', ')}`);
  for (const job of jobs) {
    assert.equal(job?.phase, 'saved');
    const [uri = ''] = job.results;
    assert.equal(
      remote.files.get(uri),
      server.bytesOf(job.projectId ?? '', 0),
      `a different result is in ${uri}`,
    );
  }
}

suite('results in a folder that only the editor can access', () => {
  test('saves four jobs with one name from two windows in four files', async () => {
    for (let seed = 0; seed < 10; seed++) {
      const here = scene(seed);
      const windows = [here.open(), here.open()];
      const submitted = await Promise.all(
        windows.map(window => here.clock.settled(window.jobs.submit([inFolder(), inFolder()]))),
      );
      const now = () => submitted.flatMap((jobs, at) => jobs.map(({ id }) => windows[at]?.jobs.get(id)));
      await here.clock.until(() => now().every(job => job && !isActive(job)), 60 * 60_000);
      assertSavedSeparately(now(), here);
      assert.equal(Object.keys(here.remote.visible).length, 4);
      for (const window of windows) window.kill();
    }
  });

  test('keeps a file that the user creates while the result is being written', async () => {
    for (let after = 0; after < 4_000; after += 200) {
      const here = scene();
      const window = here.open();
      const [job] = await here.clock.settled(window.jobs.submit([inFolder()]));
      assert.ok(job);
      await here.clock.until(() => window.jobs.get(job.id)?.phase === 'downloading', 60_000);
      await here.clock.advance(after);
      const isFirst = !here.remote.files.has(target);
      if (isFirst) here.remote.files.set(target, "the user's");
      await here.clock.until(() => !isActive(window.jobs.get(job.id) ?? job), 60 * 60_000);
      if (isFirst) assert.equal(here.remote.files.get(target), "the user's");
      assertSavedSeparately([window.jobs.get(job.id)], here);
      window.kill();
    }
  });

  test("leaves no truncated result and doesn't mistake another file for its own when a window dies while saving", async () => {
    // All results have the same length here, which can happen with two renders of one image.
    for (let after = 0; after < 6_000; after += 150) {
      const here = scene(after);
      const window = here.open({ limit: () => 2 });
      const jobs = await here.clock.settled(window.jobs.submit([inFolder(), inFolder()]));
      await here.clock.until(
        () => jobs.some(({ id }) => window.jobs.get(id)?.phase === 'downloading'),
        60_000,
      );
      await here.clock.advance(after);
      window.kill();
      const other = here.open();
      await here.clock.settled(other.jobs.refresh());
      await here.clock.advance(20 * 60_000);
      const now = await Promise.all(jobs.map(({ id }) => here.clock.settled(other.jobs.find(id))));
      assertSavedSeparately(now, here);
      const complete = new Set(jobs.map((_, index) => here.server.bytesOf(`p${index + 1}`, 0)));
      for (const [uri, text] of Object.entries(here.remote.visible))
        assert.ok(complete.has(text), `${uri} is truncated`);
      other.kill();
    }
  });

  test("doesn't mistake a file of the same length for the result", async () => {
    const here = scene();
    const window = here.open();
    const [job] = await here.clock.settled(window.jobs.submit([inFolder()]));
    assert.ok(job);
    await here.clock.until(() => window.jobs.get(job.id)?.finalizing !== undefined, 60_000);
    window.kill();
    const bytes = here.server.bytesOf('p1', 0).length;
    here.remote.files.set(target, 'x'.repeat(bytes));
    const other = here.open();
    await here.clock.settled(other.jobs.refresh());
    await here.clock.advance(20 * 60_000);
    assertSavedSeparately([await here.clock.settled(other.jobs.find(job.id))], here);
    assert.equal(here.remote.files.get(target), 'x'.repeat(bytes));
    other.kill();
  });
});
