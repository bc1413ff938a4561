import type { JobView } from '../jobs/job.ts';
import { estimateProgress } from '../shared/progress.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { toolOf } from '../tools/index.ts';
import { text } from './translate.ts';

/** "Queued", "Rendering… 42%", or "Downloading, retrying automatically". The percentage is an estimate for the job. */
export function phaseText(job: JobView): string {
  if (job.blocked) return text('phase.blocked');
  const phase = text(`phase.${job.progress?.phase ?? job.phase}` satisfies StringKey);
  if (job.progress?.trouble) return text('phase.trouble', { phase });
  const done = jobProgress(job);
  return done === undefined || done === 0
    ? phase
    : text('phase.withPercent', { phase, percent: Math.floor(done * 100) });
}

/** How long rendering usually takes: learned from earlier jobs, or else as published. */
export const usualSeconds = (job: JobView): number =>
  job.progress?.usualSeconds ?? toolOf(job.request.tool).medianSeconds;

/** An estimate from 0 to 1 of how much of a job is done; undefined unless it is running. */
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
