import { isActive, type Job } from '../../jobs/job.ts';
import type { StringKey } from '../../shared/strings/index.ts';

/** The groups of the jobs view. Jobs that need attention come first. */
export type JobGroup = 'asking' | 'working' | 'saved' | 'failed' | 'stopped';

interface GroupStyle {
  readonly id: JobGroup;
  readonly label: StringKey;
  readonly icon: string;
  /** The ID of a theme color. */
  readonly color?: string;
}

export const groups: readonly GroupStyle[] = [
  { id: 'asking', label: 'group.asking', icon: 'question', color: 'list.warningForeground' },
  { id: 'working', label: 'group.working', icon: 'loading~spin' },
  { id: 'failed', label: 'group.failed', icon: 'error', color: 'list.errorForeground' },
  { id: 'stopped', label: 'group.stopped', icon: 'circle-slash' },
  { id: 'saved', label: 'group.saved', icon: 'pass', color: 'testing.iconPassed' },
];

export function styleOf(group: JobGroup): GroupStyle {
  const style = groups.find(({ id }) => id === group);
  if (!style) throw new Error(`No group "${group}"`);
  return style;
}

export function groupOf(job: Job): JobGroup {
  if (job.phase === 'unknown' || job.blocked) return 'asking';
  if (isActive(job)) return 'working';
  return job.phase === 'saved' || job.phase === 'failed' ? job.phase : 'stopped';
}
