/**
 * `queued → probing → clipping → uploading → creating → waiting → downloading → saved`, or one of the ends.
 * `unknown` is not an end but a question: a create was sent and no answer recorded, so only a person may go on.
 */
export const phases = [
  'queued',
  'probing',
  'clipping',
  'uploading',
  'creating',
  'waiting',
  'downloading',
  'saved',
  'failed',
  'stopped',
  'unknown',
] as const;
export type Phase = (typeof phases)[number];
