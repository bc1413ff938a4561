import { suggestedActions } from './message.ts';

/** Everything the user can do with a job, in the form, the jobs view, the quick pick, and notifications. */
export const jobActions = [
  ...suggestedActions,
  /** Tell us whether a create request that got no response succeeded. */
  'answer',
  'open',
  'reveal',
  'copyPath',
  'copyMarkdown',
  /** Use the result as the input of another tool. */
  'useIn',
  /** Open in the default app. */
  'openExternal',
  'stop',
  /** Resume a job that was already charged. */
  'resume',
  /** Open a form with the job's settings, but without its image. */
  'chooseImage',
  /** Open a form with the job's settings. */
  'createAgain',
  'deleteOnServer',
  'copyId',
  'remove',
] as const;
export type JobAction = (typeof jobActions)[number];
