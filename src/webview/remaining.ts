import type { FormJob } from '../shared/protocol.ts';

/** What can honestly be said about the time a job still takes. All in seconds. */
export type Remaining =
  /** Rendering, and not longer than is usual. */
  | { readonly kind: 'left'; readonly seconds: number }
  /** Rendering, and already beyond the usual time. */
  | { readonly kind: 'late'; readonly usual: number }
  /** Not begun on the server: only the usual time is known. */
  | { readonly kind: 'usual'; readonly usual: number };

/** @param now milliseconds since 1970. Undefined: the job does not render, or nearly is done. */
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
      const gone = Math.max(0, (now - job.createdOnServerAt) / 1000);
      return gone < job.medianSeconds
        ? { kind: 'left', seconds: job.medianSeconds - gone }
        : { kind: 'late', usual: job.medianSeconds };
    }
    default:
      return undefined;
  }
}
