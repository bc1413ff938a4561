import * as vscode from 'vscode';
import { actionsFor } from '../jobs/actions.ts';
import { isEnded, knownCharge, type JobView } from '../jobs/job.ts';
import type { JobService } from '../jobs/jobService.ts';
import type { JobAction } from '../shared/jobAction.ts';
import { toolOf } from '../tools/index.ts';
import { actionLabel, maxNotificationLength, titleOf, type JobActions } from './jobActions.ts';
import { plainText } from './plainText.ts';
import { settings } from './settings.ts';
import { text, translate } from './translate.ts';

/**
 * Notifies the user once when a job ends or needs an answer, unless its form is visible. The window that last worked on
 * the job shows the notification. Saved jobs that were submitted together share one notification, and so do jobs that
 * wait for a key. Each failure has its own.
 */
export function registerJobNotifications(
  jobs: JobService,
  actions: JobActions,
  isShown: (id: string) => boolean,
): vscode.Disposable {
  const notified = new Set<string>();

  const check = (job: JobView) => {
    if (job.progress) notified.delete(job.id);
    // `isHere` excludes jobs that were only read from disk at startup.
    if (!job.isHere || notified.has(job.id)) return;
    if (job.phase === 'failed' || job.phase === 'unknown' || job.blocked) {
      // A single key unblocks all jobs that wait for one.
      const isKnown = job.blocked && jobs.current.some(other => other.blocked && notified.has(other.id));
      notified.add(job.id);
      if (!isKnown && !isShown(job.id))
        void actions.attempt(
          () => (job.phase === 'unknown' ? ask(job, actions) : notifyFailed(job, actions)),
          job,
        );
    }
    // Don't check whether this job was saved, because the last job of a batch to end may have no result.
    const batch = jobs.current.filter(other => other.batch === job.batch);
    if (!batch.every(isEnded)) return;
    const saved = batch.filter(other => other.phase === 'saved' && !notified.has(other.id));
    for (const each of saved) notified.add(each.id);
    void actions.attempt(() => notifySaved(saved, actions, isShown(job.id)));
  };
  const subscription = jobs.onDidChange(job => (job ? [job] : jobs.current).forEach(check));
  return new vscode.Disposable(() => subscription.dispose());
}

async function notifySaved(saved: readonly JobView[], actions: JobActions, isShown: boolean): Promise<void> {
  const [first] = saved;
  if (!first) return;
  const openResult = settings.openResult.value;
  if (openResult === 'always') {
    for (const job of saved) await actions.perform('open', job);
    return;
  }
  if (openResult === 'never' || isShown) return;
  const message =
    saved.length === 1
      ? text('notice.saved', {
          name: plainText(fileName(first.results[0] ?? '')),
          credits: knownCharge(first) ?? first.request.estimate.credits,
        })
      : text('notice.savedMany', { count: saved.length });
  const offered = (['open', 'reveal', 'useIn'] as const).filter(
    action => actionsFor(first).includes(action) && (action !== 'useIn' || saved.length === 1),
  );
  const items = offered.map(action => ({ title: actionLabel(action, first), action }));
  const choice = await vscode.window.showInformationMessage(message, ...items);
  if (choice?.action === 'open') for (const job of saved) await actions.perform('open', job);
  else if (choice) await actions.perform(choice.action, first);
}

async function notifyFailed(job: JobView, actions: JobActions): Promise<void> {
  const failure = job.blocked ?? job.failure;
  if (!failure) return;
  const isUnpaid = job.phase === 'failed' && job.projectId === undefined && !job.earlierCredits;
  const message = text(isUnpaid ? 'notice.failedUnpaid' : 'notice.failed', {
    tool: text(toolOf(job.request.tool).title),
    name: plainText(titleOf(job)),
    reason: plainText(translate(failure.message), maxNotificationLength),
  });
  await offer(vscode.window.showErrorMessage, message, actionsFor(job).slice(0, 1), job, actions);
}

async function ask(job: JobView, actions: JobActions): Promise<void> {
  const message = text('notice.unknown', { name: plainText(titleOf(job)) });
  await offer(vscode.window.showWarningMessage, message, actionsFor(job).slice(0, 2), job, actions);
}

/** Shows a notification with the offered actions and a button that shows all jobs. */
async function offer(
  show: (message: string, ...items: Offer[]) => Thenable<Offer | undefined>,
  message: string,
  offered: readonly JobAction[],
  job: JobView,
  actions: JobActions,
): Promise<void> {
  const items = offered.map(action => ({ title: actionLabel(action, job), action }));
  const choice = await show(message, ...items, { title: text('editor.showJobs') });
  if (choice?.action) await actions.perform(choice.action, job);
  else if (choice) await vscode.commands.executeCommand('magicHour.showJobs');
}

interface Offer extends vscode.MessageItem {
  readonly action?: JobAction;
}

const fileName = (uri: string): string => {
  const { path } = vscode.Uri.parse(uri);
  return path.slice(path.lastIndexOf('/') + 1);
};
