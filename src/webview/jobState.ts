import type { FormJob } from '../shared/protocol.ts';
import type { Phase } from '../shared/phase.ts';

const ends: ReadonlySet<Phase> = new Set(['saved', 'failed', 'stopped', 'unknown']);
export const isRunning = (job: Pick<FormJob, 'phase'>): boolean => !ends.has(job.phase);

/** Whether the job is waiting for the user or ended without a result. */
const needsAttention = (job: FormJob): boolean =>
  job.blocked !== undefined || (!isRunning(job) && job.phase !== 'saved');

/** The jobs in a batch that need attention. Jobs that wait for the same action share an entry. */
export function attentionOf(jobs: readonly FormJob[]): { readonly job: FormJob; readonly count: number }[] {
  const waitsFor = ({ blocked }: FormJob) => blocked?.suggestedAction;
  return jobs.filter(needsAttention).flatMap((job, _, all) => {
    const same = all.filter(other => other === job || (job.blocked && waitsFor(other) === waitsFor(job)));
    return same[0] === job ? [{ job, count: same.length }] : [];
  });
}
