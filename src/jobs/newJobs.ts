import { newJobId } from './endedJobs.ts';
import type { JobRequest } from './job.ts';
import type { Ledger } from './ledger.ts';
import type { Clock } from './ports.ts';
import type { JobRecord } from './record.ts';

/** Jobs written at the same time. */
const width = 16;

export interface NewJobsParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Whose jobs they are, by the id of their batch. */
  readonly owner: (batch: string) => NonNullable<JobRecord['owner']>;
  /** Undoes the writing of one job as far as that can be done. */
  readonly takeBack: (job: JobRecord) => Promise<void>;
}

/**
 * Writes new jobs to the ledger, all or none: who is told that it failed will press the button again.
 * @throws whatever the disk threw, once what was written has been taken back
 */
export async function writeNewJobs(
  requests: readonly JobRequest[],
  { ledger, clock, owner, takeBack }: NewJobsParts,
): Promise<readonly JobRecord[]> {
  const batch = newJobId(clock);
  const now = clock.now();
  const jobs: JobRecord[] = [];
  const add = async (request: JobRequest, index: number) => {
    jobs[index] = await ledger.add({
      schema: 1,
      id: requests.length === 1 ? batch : `${batch}-${String(index + 1).padStart(4, '0')}`,
      batch,
      createdAt: now,
      updatedAt: now,
      phase: 'queued',
      request,
      approval: 1,
      posts: 0,
      refusals: 0,
      results: [],
      owner: owner(batch),
    });
  };
  try {
    for (let from = 0; from < requests.length; from += width) {
      const some = requests.slice(from, from + width).map((request, at) => add(request, from + at));
      const failed = (await Promise.allSettled(some)).find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw failed.reason;
    }
  } catch (error) {
    for (const job of jobs) if (job) await takeBack(job);
    throw error;
  }
  return jobs;
}
