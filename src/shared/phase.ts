/**
 * The recorded phases of a job: `queued → creating → waiting → downloading → saved`, unless the job ends in another
 * phase. `unknown` isn't an end: a create request was sent but no response was recorded, so only the user can decide
 * how to continue.
 */
export const recordedPhases = [
  'queued',
  'creating',
  'waiting',
  'downloading',
  'saved',
  'failed',
  'stopped',
  'unknown',
] as const;
export type RecordedPhase = (typeof recordedPhases)[number];

/** Steps of a queued job, shown while a window works on it. After a crash, they start over. */
export const shownPhases = ['probing', 'clipping', 'uploading'] as const;

/** Every phase that users can see. */
export const phases = [...recordedPhases, ...shownPhases] as const;
export type Phase = (typeof phases)[number];
