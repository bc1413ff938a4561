import type { JobView } from '../jobs/job.ts';
import { estimateProgress } from '../shared/progress.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { toolOf } from '../tools/index.ts';
import { text } from './translate.ts';

/** Returns text such as "Queued" or "Rendering… 42%". The percentage is an estimate for the entire job. */
export function phaseText(job: JobView): string {
  if (job.blocked) return text('phase.blocked');
  const phase = text(`phase.${job.progress?.phase ?? job.phase}` satisfies StringKey);
  if (job.progress?.trouble) return text('phase.trouble', { phase });
  const done = jobProgress(job);
  return done === undefined || done === 0
    ? phase
    : text('phase.withPercent', { phase, percent: Math.floor(done * 100) });
}

/** Returns the usual rendering time in seconds, based on earlier jobs or else on the published time. */
export const usualSeconds = (job: JobView): number =>
  job.progress?.usualSeconds ?? toolOf(job.request.tool).medianSeconds;

/** Estimates a job's progress as a fraction from 0 to 1. Returns undefined unless the job is running. */
export const jobProgress = (job: JobView, now = Date.now()): number | undefined =>
  estimateProgress(
    {
      phase: job.progress?.phase ?? job.phase,
      medianSeconds: usualSeconds(job),
      ...(job.progress?.fraction !== undefined && { fraction: job.progress.fraction }),
      ...(job.createdOnServerAt !== undefined && { createdOnServerAt: job.createdOnServerAt }),
    },
    now,
  );
