import { isEnded, isRemoved, randomMark, timeId } from './job.ts';
import type { JobFiles } from './jobFiles.ts';
import type { Clock, Log } from './ports.ts';

const day = 24 * 60 * 60 * 1000;
/** We assume that no window is suspended longer than this, so no window can act on a record older than this. */
export const longestSuspension = 30 * day;
/** How many jobs are kept, and for how long. */
const keepAtMost = 5_000;
const keepFor = 365 * day;

/** Removes very old jobs, jobs in excess of the limit, and stale hints. Never removes unfinished jobs. */
export async function tidy(files: JobFiles, clock: Clock, log: Log): Promise<void> {
  await removeOldJobs(files, clock, log);
  await removeStaleHints(files, clock);
}

async function removeOldJobs(files: JobFiles, clock: Clock, log: Log): Promise<void> {
  const now = clock.now();
  const ids = (await files.ids()).toSorted().toReversed();
  const [newest, oldest] = [timeId(now - longestSuspension), timeId(now - keepFor)];
  let count = 0;
  for (const [index, id] of ids.entries()) {
    if (id > newest) continue;
    const job = await files.read(id);
    if (!job || !isEnded(job) || job.updatedAt > now - longestSuspension) continue;
    if (!isRemoved(job) && index < keepAtMost && id > oldest) continue;
    await files.remove(id);
    count++;
  }
  if (count > 0) log.info(`Removed ${count} old jobs`);
}

/** Removes hints of windows that died after creating the hint but before writing the revision it names. */
async function removeStaleHints(files: JobFiles, clock: Clock): Promise<void> {
  for (const hint of await files.hints()) {
    const job = await files.read(hint.id);
    if (job && isEnded(job) && hint.revision > job.revision) {
      // Take the hint's revision, so that a window that was only suspended can't write it after the hint is gone.
      const writes = [...job.writes, randomMark(clock)];
      await files.write({ ...job, revision: hint.revision, writes }, job);
    }
    const isAbandoned = hint.id < timeId(clock.now() - longestSuspension);
    if (isAbandoned && (await files.latest(hint.id)) < 0) await files.dropHint(hint);
  }
}
