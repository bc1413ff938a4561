import * as vscode from 'vscode';
import { isAtWork, isEnded, type JobView } from '../../jobs/job.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import { isRepeatable, isResumable } from '../../jobs/machine.ts';
import { toolOf } from '../../tools/index.ts';
import type { JobActs } from '../jobActs.ts';
import { titleOf } from '../jobActs.ts';
import { groupOf, looksOf } from '../jobsView/jobGroups.ts';
import { phaseText } from '../phaseText.ts';
import { text, translate } from '../translate.ts';

interface JobItem extends vscode.QuickPickItem {
  readonly job?: JobView;
}

/** "Show Jobs": what runs, asks or has ended; choosing one offers what can be done with it. */
export function registerShowJobs(jobs: Jobs, acts: JobActs): vscode.Disposable {
  return vscode.commands.registerCommand('magicHour.showJobs', async () => {
    const all = await jobs.history();
    const seen = new Set(jobs.current.map(job => job.id));
    const items = [...jobs.current, ...all.filter(job => !seen.has(job.id))].map(itemOf);
    const picked = await vscode.window.showQuickPick<JobItem>(
      items.length > 0 ? items : [{ label: text('jobs.none') }],
      { title: text('jobs.title'), placeHolder: text('jobs.placeholder'), matchOnDescription: true },
    );
    if (picked?.job) await chooseAct(jobs.get(picked.job.id) ?? picked.job, acts, jobs);
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

async function chooseAct(job: JobView, acts: JobActs, jobs: Jobs): Promise<void> {
  const choices = actsFor(job, acts, jobs);
  const picked = await vscode.window.showQuickPick(choices, {
    title: titleOf(job),
    placeHolder: phaseText(job),
  });
  if (picked) await acts.attempt(picked.run, job);
}

function actsFor(job: JobView, acts: JobActs, jobs: Jobs) {
  const act = (key: Parameters<typeof text>[0], icon: string, run: () => Promise<void>) => ({
    label: `$(${icon}) ${text(key)}`,
    run,
  });
  const blocked = job.blocked;
  return [
    ...(job.phase === 'unknown' ? [act('jobs.answer', 'question', () => acts.answer(job))] : []),
    ...(blocked ? [act(`remedy.${blocked.remedy}`, 'key', () => acts.remedy(blocked.remedy, job))] : []),
    ...(job.results.length > 0
      ? [
          act('jobs.open', 'go-to-file', () => acts.open(job)),
          act('jobs.reveal', 'folder-opened', () => acts.reveal(job)),
          act('jobs.openExternal', 'link-external', () => acts.openExternal(job)),
        ]
      : []),
    ...(isAtWork(job)
      ? [act(job.projectId ? 'jobs.stopWaiting' : 'jobs.stop', 'debug-stop', () => acts.stop(job))]
      : []),
    ...(isResumable(job) ? [act('jobs.resume', 'debug-continue', () => acts.resume(job))] : []),
    ...(isRepeatable(job) ? [act('jobs.retry', 'refresh', () => acts.retry(job))] : []),
    ...(job.failure?.remedy && job.failure.remedy !== 'retry'
      ? [
          act(`remedy.${job.failure.remedy}`, 'lightbulb', () =>
            acts.remedy(job.failure?.remedy ?? 'showLog', job),
          ),
        ]
      : []),
    ...(job.projectId
      ? [
          act('jobs.openLibrary', 'globe', () => acts.openLibrary(job)),
          ...(job.deletedOnServer
            ? []
            : [act('jobs.deleteOnServer', 'trash', () => acts.deleteOnServer(job))]),
        ]
      : []),
    ...(isEnded(job) ? [act('jobs.remove', 'close', () => jobs.remove(job.id))] : []),
  ];
}
