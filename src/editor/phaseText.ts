import type { JobView } from '../jobs/job.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { text } from './translate.ts';

/** "Uploading… 42%", "Rendering", or "Downloading, trying again". */
export function phaseText(job: JobView): string {
  if (job.blocked) return text('phase.blocked');
  const phase = job.progress?.phase ?? job.phase;
  const words = text(`phase.${phase}` satisfies StringKey);
  const fraction = job.progress?.fraction;
  if (job.progress?.trouble) return text('phase.trouble', { phase: words });
  return fraction === undefined
    ? words
    : text('phase.withPercent', { phase: words, percent: Math.floor(fraction * 100) });
}
