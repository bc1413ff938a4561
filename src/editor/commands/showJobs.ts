import * as vscode from 'vscode';
import { actionsFor } from '../../jobs/actions.ts';
import { chargedFor, type JobView } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import type { JobAction } from '../../shared/jobAction.ts';
import { toolOf } from '../../tools/index.ts';
import { actionLabel, titleOf, type JobActions } from '../jobActions.ts';
import { groupOf, styleOf } from '../jobsView/jobGroups.ts';
import { phaseText } from '../phaseText.ts';
import { text, translate } from '../translate.ts';

interface JobItem extends vscode.QuickPickItem {
  readonly job?: JobView;
}

/** Registers "Show Jobs", which shows a Quick Pick of all jobs and then the actions for the selected job. */
export function registerShowJobs(
  jobs: JobService,
  actions: JobActions,
  onShow: () => void,
): vscode.Disposable {
  return vscode.commands.registerCommand('magicHour.showJobs', async () => {
    onShow();
    const all = await jobs.history();
    const seen = new Set(jobs.current.map(job => job.id));
    const items = [...jobs.current, ...all.filter(job => !seen.has(job.id))].map(itemOf);
    const picked = await vscode.window.showQuickPick<JobItem>(
      items.length > 0 ? items : [{ label: text('jobs.none') }],
      { title: text('jobs.title'), placeHolder: text('jobs.placeholder'), matchOnDescription: true },
    );
    if (picked?.job) await chooseAction(jobs.get(picked.job.id) ?? picked.job, actions);
  });
}

function itemOf(job: JobView): JobItem {
  const charged = chargedFor(job);
  const told = job.failure?.message ?? job.progress?.trouble?.message;
  return {
    job,
    label: `$(${styleOf(groupOf(job)).icon}) ${titleOf(job)}`,
    description: [
      text(toolOf(job.request.tool).title),
      phaseText(job),
      ...(charged > 0 ? [text('jobs.credits', { credits: charged })] : []),
    ].join(' · '),
    ...(told && { detail: translate(told) }),
  };
}

async function chooseAction(job: JobView, actions: JobActions): Promise<void> {
  const choices = actionsFor(job).map(action => ({
    label: `$(${icons[action]}) ${actionLabel(action, job)}`,
    action,
  }));
  const picked = await vscode.window.showQuickPick(choices, {
    title: titleOf(job),
    placeHolder: phaseText(job),
  });
  if (picked) await actions.attempt(() => actions.perform(picked.action, job), job);
}

const icons: Readonly<Record<JobAction, string>> = {
  answer: 'question',
  buyCredits: 'credit-card',
  chooseFolder: 'folder',
  chooseImage: 'file-media',
  copyId: 'copy',
  copyMarkdown: 'markdown',
  copyPath: 'copy',
  createAgain: 'add',
  deleteOnServer: 'trash',
  open: 'go-to-file',
  openExternal: 'link-external',
  openLibrary: 'globe',
  openSettings: 'settings-gear',
  remove: 'close',
  resume: 'debug-continue',
  retry: 'refresh',
  reveal: 'folder-opened',
  setApiKey: 'key',
  showLog: 'output',
  stop: 'debug-stop',
  useIn: 'wand',
  viewPlans: 'credit-card',
};
