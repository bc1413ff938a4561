import type { Job, JobRequest } from '../../../src/jobs/job.ts';

/** A job on record, saved unless told otherwise. */
export function jobOf(changes: Partial<Job> = {}, request: Partial<JobRequest> = {}): Job {
  return {
    id: 'job1',
    batch: 'batch1',
    createdAt: Date.UTC(2026, 10, 20, 12),
    updatedAt: Date.UTC(2026, 10, 20, 12),
    phase: 'saved',
    approval: 1,
    posts: 1,
    refusals: 0,
    results: [],
    ...changes,
    request: {
      tool: 'headshot',
      inputs: { image: { kind: 'file', uri: 'file:///w/anna.png' } },
      values: {},
      trim: true,
      estimate: { credits: 50, exact: true },
      folder: 'file:///w',
      stem: 'anna-headshot',
      ...request,
    },
  };
}
