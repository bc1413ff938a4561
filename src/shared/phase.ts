/**
 * The recorded phases of a job: `queued → creating → waiting → downloading → saved`, or another end. `unknown` isn't an
 * end: a create request was sent and no response was recorded, so only the user can decide how to continue.
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

/** Steps of a queued job that are shown while a window works on it. They start over after a crash. */
export const shownPhases = ['probing', 'clipping', 'uploading'] as const;

/** Every phase that users can see. */
export const phases = [...recordedPhases, ...shownPhases] as const;
export type Phase = (typeof phases)[number];
