import type { Job, JobRequest, JobView } from '../../../src/jobs/job.ts';

/** A job, saved by default. */
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

/** A job service whose jobs the test sets. */
export class FakeJobs {
  current: readonly JobView[] = [];
  readonly #listeners = new Set<(job: JobView | undefined) => void>();

  get = (id: string): JobView | undefined => this.current.find(job => job.id === id);

  onDidChange = (listener: (job: JobView | undefined) => void) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  /** Replaces the job with this ID. */
  set(...jobs: JobView[]): void {
    for (const job of jobs) this.current = [...this.current.filter(({ id }) => id !== job.id), job];
    for (const job of jobs) for (const listener of this.#listeners) listener(job);
  }
}
