import type { FormJob } from '../shared/protocol.ts';

/** An estimate of a job's remaining time, in seconds. */
export type Remaining =
  /** Rendering has taken less than the usual time. */
  | { readonly kind: 'left'; readonly seconds: number }
  /** Rendering has taken longer than the usual time. */
  | { readonly kind: 'late'; readonly usual: number }
  /** The job hasn't started on the server yet, so only the usual time is known. */
  | { readonly kind: 'usual'; readonly usual: number };

/** @param now Milliseconds since 1970. @returns undefined once rendering is over. */
export function remaining(
  job: Pick<FormJob, 'phase' | 'createdOnServerAt' | 'medianSeconds'>,
  now: number,
): Remaining | undefined {
  switch (job.phase) {
    case 'queued':
    case 'probing':
    case 'clipping':
    case 'uploading':
    case 'creating':
      return { kind: 'usual', usual: job.medianSeconds };
    case 'waiting': {
      if (job.createdOnServerAt === undefined) return { kind: 'usual', usual: job.medianSeconds };
      // The server's clock may be ahead of ours.
      const elapsed = Math.max(0, (now - job.createdOnServerAt) / 1000);
      return elapsed < job.medianSeconds
        ? { kind: 'left', seconds: job.medianSeconds - elapsed }
        : { kind: 'late', usual: job.medianSeconds };
    }
    default:
      return undefined;
  }
}
