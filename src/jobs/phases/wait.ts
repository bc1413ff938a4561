import { ApiError } from '../../api/errors.ts';
import type { Project } from '../../api/types.ts';
import { HumanError } from '../../shared/message.ts';
import { failureOf, needsKey, projectFailure } from '../failures.ts';
import type { JobFailure } from '../job.ts';
import { nextDelay } from '../schedule.ts';
import type { Work, Workshop } from '../work.ts';

/** After so long without an end a person is asked. */
const patience = 24 * 60 * 60 * 1000;

type End =
  | { readonly project: Project }
  | { readonly failure: JobFailure; readonly credits?: number | undefined };

/** Waits for the cloud. Statuses it does not know are waited on; a look that fails is done again. */
export async function wait(work: Work, shop: Workshop): Promise<void> {
  const { tool, job, signal } = work;
  const { clock, poller, runTimes } = shop;
  const since = job.createdOnServerAt ?? clock.now();
  const elapsed = () => Math.max(0, clock.now() - since);
  const expected = await runTimes.expect(tool, job);
  // A job that was left alone for a while is looked at right away.
  let isFirst = !work.createdHere;
  let low = 0;
  work.show({ phase: 'waiting' });

  const end = await poller.until<End>({
    signal,
    nextDelay() {
      const delay = isFirst ? 0 : nextDelay(expected, elapsed());
      isFirst = false;
      return delay;
    },
    async look() {
      const found = await look(work, shop);
      work.show({ phase: 'waiting' });
      if (!found) low = elapsed();
      return found;
    },
    onTrouble(error, delay) {
      shop.log.warn(`Job ${job.id} could not be looked at: ${error.message}`);
      work.show({ phase: 'waiting', trouble: { message: error.text, retryAt: clock.now() + delay } });
    },
  });

  if ('failure' in end) {
    await work.record({ type: 'failed', ...end });
    return;
  }
  work.complete = { project: end.project, at: clock.now() };
  if (work.createdHere) {
    const high = elapsed();
    if (high > 0 && low <= high)
      await runTimes.learn(tool, job, { low, high }).catch((error: unknown) => shop.log.warn(String(error)));
  }
  await work.record({ type: 'completed', credits: end.project.creditsCharged });
}

async function look({ tool, job, signal }: Work, shop: Workshop): Promise<End | undefined> {
  const project = await (async () => {
    try {
      const api = await shop.api();
      return await api.project(tool.project, job.projectId ?? '', { signal });
    } catch (error) {
      if (!(error instanceof HumanError) || needsKey(error)) throw error;
      const details = error instanceof ApiError ? error.details : undefined;
      if (details?.status === 404 && !details.transient) return undefined;
      // What hinders one look (a setting, a refusal) is no verdict on the job.
      const passing = {
        operation: 'project',
        mayHaveBeenCreated: false,
        ...details,
        transient: true,
      } as const;
      const { key, args } = error.text;
      throw new ApiError(key, passing, { ...(args && { args }), cause: error });
    }
  })();
  if (!project) {
    // Another account's key may be in use just now, so going on stays possible.
    const failure = {
      message: { key: 'project.missing' },
      suggestedAction: 'openLibrary',
      status: 404,
    } as const;
    return { failure: { ...failure, resumable: true } };
  }
  const failure = projectFailure(project);
  if (failure) return { failure, credits: project.creditsCharged };
  if (project.status === 'complete' && project.downloads.length > 0) return { project };
  if (shop.clock.now() - (job.waitingSince ?? job.updatedAt) > patience) return { failure: endless() };
  return undefined;
}

const endless = (): JobFailure => ({
  ...failureOf(undefined, true),
  message: { key: 'project.endless' },
  suggestedAction: 'openLibrary',
});
