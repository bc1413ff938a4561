import { ApiError } from '../../api/errors.ts';
import { backoff } from '../../api/retry.ts';
import type { Project } from '../../api/types.ts';
import { HumanError } from '../../shared/message.ts';
import { needsKey, projectFailure } from '../failures.ts';
import type { JobFailure } from '../job.ts';
import type { JobContext, JobRun } from '../jobRun.ts';
import { nextDelay } from '../schedule.ts';

const hour = 60 * 60 * 1000;
/** After this time, the job fails but can be resumed. */
const longestWait = 24 * hour;
/** If a poll seems to have taken longer than this, the clock has jumped. */
const longestPoll = 60_000;

type End =
  | { readonly project: Project }
  | { readonly failure: JobFailure; readonly credits?: number | undefined };

/** Polls the project until it ends. Keeps waiting on unknown statuses, and retries failed polls. */
export async function wait(run: JobRun, context: JobContext): Promise<void> {
  const { tool, job, signal } = run;
  const { clock, runTimes, log } = context;
  const expected = await runTimes.expect(tool, job);
  // Time since the create request: measured by the clock up to here, then counted, so later clock jumps don't matter.
  let elapsed = run.createdHere ? 0 : Math.max(0, clock.now() - (job.createdOnServerAt ?? clock.now()));
  let unrecorded = 0;
  let failures = 0;
  let low = 0;
  const progress = { phase: 'waiting', usualSeconds: expected.likely / 1000 } as const;
  // A project that hasn't been polled for a while is polled right away.
  let delay = run.createdHere ? nextDelay(expected, elapsed) : 0;
  run.show(progress);

  for (;;) {
    await clock.wait(delay, signal);
    const polledAt = clock.now();
    let end: End | undefined;
    let trouble: ApiError | undefined;
    try {
      end = await poll(run);
    } catch (error) {
      if (!(error instanceof ApiError) || !error.details.transient) throw error;
      trouble = error;
    }
    const passed = delay + Math.min(Math.max(0, clock.now() - polledAt), longestPoll);
    elapsed += passed;
    unrecorded += passed;
    if (end && 'failure' in end) return run.record({ type: 'failed', ...end });
    if (end) return complete(run, context, end.project, { low, high: elapsed });
    if ((run.job.waited ?? 0) + unrecorded > longestWait)
      return run.record({ type: 'failed', failure: endless });
    if (unrecorded > hour) {
      await run.record({ type: 'waited', ms: unrecorded });
      unrecorded = 0;
    }
    if (trouble) {
      delay = backoff(++failures, clock.random(), trouble.details.retryAfter);
      log.warn(`Couldn't poll job ${job.id}: ${trouble.message}`);
      run.show({ ...progress, trouble: { message: trouble.text, retryAt: clock.now() + delay } });
    } else {
      failures = 0;
      low = elapsed;
      delay = nextDelay(expected, elapsed);
      run.show(progress);
    }
  }
}

async function complete(
  run: JobRun,
  { clock, runTimes, log }: JobContext,
  project: Project,
  runTime: { readonly low: number; readonly high: number },
): Promise<void> {
  run.complete = { project, at: clock.now() };
  if (run.createdHere)
    await runTimes
      .learn(run.tool, run.job, runTime)
      .catch((error: unknown) => log.warn(`Couldn't save the run time: ${String(error)}`));
  await run.record({ type: 'completed', credits: project.creditsCharged });
}

async function poll(run: JobRun): Promise<End | undefined> {
  const { tool, job, signal } = run;
  try {
    const api = await run.api();
    const project = await api.project(tool.project, job.projectId ?? '', { signal });
    const failure = projectFailure(project);
    if (failure) return { failure, credits: project.creditsCharged };
    return project.status === 'complete' && project.downloads.length > 0 ? { project } : undefined;
  } catch (error) {
    if (!(error instanceof HumanError) || needsKey(error)) throw error;
    const details = error instanceof ApiError ? error.details : undefined;
    if (details?.status === 404 && !details.transient) return { failure: missing };
    // A poll that failed, for example because of a setting or a refusal, says nothing about the job.
    const { key, args } = error.text;
    throw new ApiError(
      key,
      { operation: 'project', mayHaveBeenCreated: false, ...details, transient: true },
      { ...(args && { args }), cause: error },
    );
  }
}

/** The current key may belong to another account, so the job can still be resumed. */
const missing: JobFailure = {
  message: { key: 'project.missing' },
  suggestedAction: 'openLibrary',
  status: 404,
  resumable: true,
};

const endless: JobFailure = {
  message: { key: 'project.endless' },
  suggestedAction: 'openLibrary',
  resumable: true,
};
