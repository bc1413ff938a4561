import { isEnded, isRemoved, randomMark, timeId } from './job.ts';
import type { JobFiles } from './jobFiles.ts';
import type { Clock, Log } from './ports.ts';

const day = 24 * 60 * 60 * 1000;
/** No window is suspended longer than this, so after this time no window can still act on an older record. */
export const longestSuspension = 30 * day;
/** How much history is kept. */
const keepAtMost = 5_000;
const keepFor = 365 * day;

/** Removes very old jobs, jobs over the limit, and stale hints. Never removes unfinished jobs. */
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

/** A window died between creating a hint and writing the revision that it names. */
async function removeStaleHints(files: JobFiles, clock: Clock): Promise<void> {
  for (const hint of await files.hints()) {
    const job = await files.read(hint.id);
    if (job && isEnded(job) && hint.revision > job.revision) {
      // Takes that revision, so that a window that was only suspended can't write it without a hint.
      const writes = [...job.writes, randomMark(clock)];
      await files.write({ ...job, revision: hint.revision, writes }, job);
    }
    const isAbandoned = hint.id < timeId(clock.now() - longestSuspension);
    if (isAbandoned && (await files.latest(hint.id)) < 0) await files.dropHint(hint);
  }
}
