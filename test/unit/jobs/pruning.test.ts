import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MemoryServer } from '../../support/memoryServer.ts';
import { openWindow, request, storage, type Window } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

/** Suspends a window right before it records a create request, while another window takes over and finishes the job. */
async function suspendedBeforeCreate() {
  const clock = new VirtualClock();
  const disk = new MemoryDisk();
  const server = new MemoryServer(clock);
  const { promise: awake, resolve: wake } = Promise.withResolvers<void>();
  let isSuspended = false;
  const suspended: Window = openWindow(clock, disk, server, {
    gate: () => (isSuspended ? awake : undefined),
    before: async (operation, path) => {
      if (operation === 'create' && path.endsWith('/1.json')) isSuspended = true;
      if (isSuspended) await awake;
    },
  });
  const [job] = await clock.settled(suspended.jobs.submit([request()]));
  assert.ok(job);
  await clock.until(() => isSuspended, 60_000);
  const other = openWindow(clock, disk, server, { deathIsSeen: false });
  await clock.settled(other.jobs.refresh());
  await clock.until(() => other.jobs.get(job.id)?.phase === 'saved', 10 * 60_000);
  return { clock, disk, server, suspended, other, job, wake };
}

/** Writes records of ended jobs that were submitted later. */
function writeLater(disk: MemoryDisk, id: string, count: number): void {
  const [path, file] =
    [...disk.files].filter(([each]) => each.startsWith(`${storage}/jobs/records/${id}/`)).at(-1) ?? [];
  assert.ok(path && file);
  for (let n = 0; n < count; n++) {
    const later = `${id.slice(0, -8)}${String(n).padStart(8, 'z')}`;
    disk.write(path.replaceAll(id, later), file.text.replaceAll(id, later));
  }
}

test('a window that was suspended sends no create request, even if many jobs have ended in the meantime', async () => {
  const { clock, disk, server, suspended, other, job, wake } = await suspendedBeforeCreate();
  writeLater(disk, job.id, 5_001);
  // Cleanup runs after the first job that ends in a window.
  const tidying = openWindow(clock, disk, server);
  const [last] = await clock.settled(tidying.jobs.submit([request()]));
  await clock.until(() => tidying.jobs.get(last?.id ?? '')?.phase === 'saved', 10 * 60_000);
  await clock.advance(60_000);
  wake();
  await clock.advance(10 * 60_000);
  assert.equal(server.creates, 2);
  assert.equal((await clock.settled(other.jobs.find(job.id)))?.phase, 'saved');
  for (const window of [suspended, other, tidying]) window.kill();
});
