import * as vscode from 'vscode';
import { actionsFor } from '../jobs/actions.ts';
import { isEnded, type JobView } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { toolOf } from '../tools/index.ts';
import { actionLabel, longestWords, titleOf, type JobActions } from './jobActions.ts';
import { plainText } from './plainText.ts';
import { settings } from './settings.ts';
import { text, translate } from './translate.ts';

/**
 * Tells once how a job ended, or that it asks something, in the window that had it last: jobs that were submitted
 * together and went well share one notification, each failure has its own.
 */
export function registerEndNotices(jobs: Jobs, actions: JobActions): vscode.Disposable {
  const told = new Set<string>();

  const look = (job: JobView) => {
    if (job.progress) told.delete(job.id);
    if (!job.isHere || told.has(job.id)) return;
    if (job.phase === 'saved') {
      const batch = jobs.current.filter(other => other.batch === job.batch);
      if (!batch.every(isEnded)) return;
      const saved = batch.filter(other => other.phase === 'saved' && !told.has(other.id));
      for (const each of saved) told.add(each.id);
      void actions.attempt(() => tellSaved(saved, actions));
    } else if (job.phase === 'failed' || job.phase === 'unknown' || job.blocked) {
      told.add(job.id);
      void actions.attempt(
        () => (job.phase === 'unknown' ? ask(job, actions) : tellFailed(job, actions)),
        job,
      );
    }
  };
  // Of what was read at the start nothing is said: it did not happen here (`isHere`).
  const subscription = jobs.onDidChange(job => (job ? [job] : jobs.current).forEach(look));
  return new vscode.Disposable(() => subscription.dispose());
}

async function tellSaved(saved: readonly JobView[], actions: JobActions): Promise<void> {
  const [first] = saved;
  if (!first) return;
  const openResult = settings.openResult.value;
  if (openResult === 'always') {
    for (const job of saved) await actions.perform('open', job);
    return;
  }
  if (openResult === 'never') return;
  const open = text('action.open');
  const reveal = text('action.reveal');
  const message =
    saved.length === 1
      ? text('notice.saved', {
          name: plainText(fileName(first.results[0] ?? '')),
          credits: first.creditsCharged ?? first.request.estimate.credits,
        })
      : text('notice.savedMany', { count: saved.length });
  const choice = await vscode.window.showInformationMessage(message, open, reveal);
  if (choice === open) for (const job of saved) await actions.perform('open', job);
  if (choice === reveal) await actions.perform('reveal', first);
}

async function tellFailed(job: JobView, actions: JobActions): Promise<void> {
  const failure = job.blocked ?? job.failure;
  if (!failure) return;
  const [first] = actionsFor(job);
  const help = first && actionLabel(first, job);
  const isUnpaid = job.phase === 'failed' && job.projectId === undefined;
  const words = text(isUnpaid ? 'notice.failedUnpaid' : 'notice.failed', {
    tool: text(toolOf(job.request.tool).title),
    name: plainText(titleOf(job)),
    reason: plainText(translate(failure.message), longestWords),
  });
  const show = text('editor.showJobs');
  const choice = await vscode.window.showErrorMessage(words, ...(help ? [help] : []), show);
  if (choice === show) await vscode.commands.executeCommand('magicHour.showJobs');
  else if (first && choice === help) await actions.perform(first, job);
}

async function ask(job: JobView, actions: JobActions): Promise<void> {
  const answer = text('action.answer');
  const words = text('notice.unknown', { name: plainText(titleOf(job)) });
  if ((await vscode.window.showWarningMessage(words, answer)) === answer)
    await actions.perform('answer', job);
}

const fileName = (uri: string): string => {
  const { path } = vscode.Uri.parse(uri);
  return path.slice(path.lastIndexOf('/') + 1);
};
