import type { JobAction } from '../shared/jobAction.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { toolOf } from '../tools/index.ts';
import { isActive, isEnded, type Job } from './job.ts';
import { isRetryable, isResumable } from './transitions.ts';

const needsOtherImage: ReadonlySet<StringKey> = new Set(['project.noFace', 'project.noTargetFace']);

/** The same request would fail again, so the user must change it first. */
const needsOtherInput: ReadonlySet<StringKey> = new Set([
  'project.invalidFile',
  'project.tooLarge',
  'project.policy',
  'project.textTooLong',
  'project.invalidParameters',
]);

/** The actions available for a job in its current state, in display order. The first one is the primary action. */
export function actionsFor(job: Job): readonly JobAction[] {
  const actions = new Set<JobAction>([...nextSteps(job), ...(isActive(job) ? (['stop'] as const) : [])]);
  if (job.results.length > 0) {
    for (const action of ['open', 'reveal', 'copyPath', 'copyMarkdown', 'useIn'] as const)
      actions.add(action);
    if (toolOf(job.request.tool).project === 'video') actions.add('openExternal');
  }
  // Until the user says whether the job was created, creating it again could charge them twice by mistake.
  if (job.phase !== 'unknown') actions.add('createAgain');
  if (job.projectId !== undefined) {
    actions.add('openLibrary');
    if (!job.deletedOnServer) actions.add('deleteOnServer');
    actions.add('copyId');
  }
  if (isEnded(job)) actions.add('remove');
  return [...actions];
}

/** The actions for a job that's waiting for the user or ended without a result. */
function nextSteps(job: Job): JobAction[] {
  if (job.phase === 'unknown') return ['openLibrary', 'answer'];
  if (job.blocked) return [job.blocked.suggestedAction];
  const again: JobAction[] = isResumable(job) ? ['resume'] : isRetryable(job) ? ['retry'] : [];
  const { failure } = job;
  if (!failure) return again;
  if (needsOtherImage.has(failure.message.key)) return ['chooseImage', ...again];
  if (needsOtherInput.has(failure.message.key)) return ['createAgain', ...again];
  const { suggestedAction } = failure;
  return suggestedAction && suggestedAction !== 'retry' ? [suggestedAction, ...again] : again;
}
