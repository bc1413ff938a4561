import type { Phase } from './phase.ts';

export interface ProgressFacts {
  readonly phase: Phase;
  /** The completed fraction of the phase, if known. */
  readonly fraction?: number;
  /** Milliseconds since 1970. */
  readonly createdOnServerAt?: number;
  /** How long rendering usually takes. */
  readonly medianSeconds: number;
}

/** The share of the overall progress that each phase of a running job covers. Rendering takes by far the longest. */
const shares: Partial<Record<Phase, readonly [from: number, to: number]>> = {
  queued: [0, 0],
  probing: [0, 0.01],
  clipping: [0.01, 0.02],
  uploading: [0.02, 0.1],
  creating: [0.1, 0.1],
  waiting: [0.1, 0.95],
  downloading: [0.95, 1],
};

/**
 * Estimates a job's progress from 0 to 1. Returns undefined once the job has ended. The server doesn't report progress,
 * so rendering is estimated from the median time: 90% at that time, then slower and slower.
 *
 * @param now Milliseconds since 1970.
 */
export function estimateProgress(job: ProgressFacts, now: number): number | undefined {
  const share = shares[job.phase];
  if (!share) return undefined;
  const [from, to] = share;
  return from + (to - from) * (job.phase === 'waiting' ? renderedBy(job, now) : (job.fraction ?? 0));
}

function renderedBy({ createdOnServerAt, medianSeconds }: ProgressFacts, now: number): number {
  if (createdOnServerAt === undefined) return 0;
  // The server's clock may be ahead of ours.
  const time = Math.max(0, now - createdOnServerAt) / 1000 / Math.max(1, medianSeconds);
  return time <= 1 ? 0.9 * time : 1 - 0.1 / time;
}
