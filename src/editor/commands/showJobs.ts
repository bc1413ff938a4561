import * as vscode from 'vscode';
import { isAtWork, isEnded, type JobView } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import { isRepeatable, isResumable } from '../../jobs/transitions.ts';
import { toolOf } from '../../tools/index.ts';
import type { JobActions } from '../jobActions.ts';
import { titleOf } from '../jobActions.ts';
import { groupOf, looksOf } from '../jobsView/jobGroups.ts';
import { phaseText } from '../phaseText.ts';
import { text, translate } from '../translate.ts';

interface JobItem extends vscode.QuickPickItem {
  readonly job?: JobView;
}

/** "Show Jobs": what runs, asks or has ended; choosing one offers what can be done with it. */
export function registerShowJobs(jobs: JobService, actions: JobActions): vscode.Disposable {
  return vscode.commands.registerCommand('magicHour.showJobs', async () => {
    const all = await jobs.history();
    const seen = new Set(jobs.current.map(job => job.id));
    const items = [...jobs.current, ...all.filter(job => !seen.has(job.id))].map(itemOf);
    const picked = await vscode.window.showQuickPick<JobItem>(
      items.length > 0 ? items : [{ label: text('jobs.none') }],
      { title: text('jobs.title'), placeHolder: text('jobs.placeholder'), matchOnDescription: true },
    );
    if (picked?.job) await chooseAct(jobs.get(picked.job.id) ?? picked.job, actions, jobs);
  });
}

function itemOf(job: JobView): JobItem {
  const charged = job.creditsCharged ?? 0;
  const told = job.failure?.message ?? job.progress?.trouble?.message;
  return {
    job,
    label: `$(${looksOf(groupOf(job)).icon}) ${titleOf(job)}`,
    description: [
      text(toolOf(job.request.tool).title),
      phaseText(job),
      ...(charged > 0 ? [text('jobs.credits', { credits: charged })] : []),
    ].join(' · '),
    ...(told && { detail: translate(told) }),
  };
}

async function chooseAct(job: JobView, actions: JobActions, jobs: JobService): Promise<void> {
  const choices = actsFor(job, actions, jobs);
  const picked = await vscode.window.showQuickPick(choices, {
    title: titleOf(job),
    placeHolder: phaseText(job),
  });
  if (picked) await actions.attempt(picked.run, job);
}

function actsFor(job: JobView, actions: JobActions, jobs: JobService) {
  const act = (key: Parameters<typeof text>[0], icon: string, run: () => Promise<void>) => ({
    label: `$(${icon}) ${text(key)}`,
    run,
  });
  const blocked = job.blocked;
  return [
    ...(job.phase === 'unknown' ? [act('jobs.answer', 'question', () => actions.answer(job))] : []),
    ...(blocked
      ? [
          act(`suggestedAction.${blocked.suggestedAction}`, 'key', () =>
            actions.suggestedAction(blocked.suggestedAction, job),
          ),
        ]
      : []),
    ...(job.results.length > 0
      ? [
          act('jobs.open', 'go-to-file', () => actions.open(job)),
          act('jobs.reveal', 'folder-opened', () => actions.reveal(job)),
          act('jobs.openExternal', 'link-external', () => actions.openExternal(job)),
        ]
      : []),
    ...(isAtWork(job)
      ? [act(job.projectId ? 'jobs.stopWaiting' : 'jobs.stop', 'debug-stop', () => actions.stop(job))]
      : []),
    ...(isResumable(job) ? [act('jobs.resume', 'debug-continue', () => actions.resume(job))] : []),
    ...(isRepeatable(job) ? [act('jobs.retry', 'refresh', () => actions.retry(job))] : []),
    ...(job.failure?.suggestedAction && job.failure.suggestedAction !== 'retry'
      ? [
          act(`suggestedAction.${job.failure.suggestedAction}`, 'lightbulb', () =>
            actions.suggestedAction(job.failure?.suggestedAction ?? 'showLog', job),
          ),
        ]
      : []),
    ...(job.projectId
      ? [
          act('jobs.openLibrary', 'globe', () => actions.openLibrary(job)),
          ...(job.deletedOnServer
            ? []
            : [act('jobs.deleteOnServer', 'trash', () => actions.deleteOnServer(job))]),
        ]
      : []),
    ...(isEnded(job) ? [act('jobs.remove', 'close', () => jobs.remove(job.id))] : []),
  ];
}
