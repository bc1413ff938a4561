import * as vscode from 'vscode';
import type { JobService } from '../../jobs/jobService.ts';
import { HumanError } from '../../shared/message.ts';
import { jobActions, type JobAction } from '../../shared/jobAction.ts';
import { text } from '../translate.ts';
import { historyCsv } from './history.ts';
import { groups } from './jobGroups.ts';
import type { JobsViewDependencies } from './jobsView.ts';
import type { JobTree } from './jobTree.ts';

/** Registers the commands for the rows and title bar of the jobs view. */
export function registerJobCommands({
  jobs,
  actions,
  tree,
  userState,
}: JobsViewDependencies): vscode.Disposable {
  // Look up the job's current state, because a row reflects the job's state when it was rendered.
  const onJob = async (action: JobAction, id: unknown) => {
    if (typeof id !== 'string') return;
    const job = await jobs.find(id);
    await actions.attempt(() => {
      if (!job) throw new HumanError('editor.jobGone');
      return actions.perform(action, job);
    }, job);
  };
  return vscode.Disposable.from(
    ...jobActions.map(action =>
      vscode.commands.registerCommand(`magicHour.job.${action}`, (node?: { readonly id?: unknown }) =>
        onJob(action, node?.id),
      ),
    ),
    vscode.commands.registerCommand('magicHour.filterJobs', () => filterJobs(tree)),
    vscode.commands.registerCommand('magicHour.exportHistory', () => exportHistory(jobs)),
    vscode.commands.registerCommand('magicHour.openJobsView', async () => {
      await userState.rememberJobs();
      await vscode.commands.executeCommand('setContext', 'magicHour.hasJobs', true);
      await vscode.commands.executeCommand('magicHour.jobs.focus');
    }),
  );
}

async function filterJobs(tree: JobTree): Promise<void> {
  const items = groups.map(({ id, label }) => ({ id, label: text(label), picked: tree.filter.has(id) }));
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    title: text('jobs.title'),
    placeHolder: text('jobs.filterPlaceholder'),
  });
  if (picked) tree.filter = new Set((picked.length > 0 ? picked : items).map(({ id }) => id));
}

async function exportHistory(jobs: JobService): Promise<void> {
  const history = await jobs.history();
  const target = await vscode.window.showSaveDialog({
    title: text('jobs.export'),
    filters: { CSV: ['csv'] },
    defaultUri: vscode.Uri.joinPath(
      vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file('/'),
      'magic-hour-history.csv',
    ),
  });
  if (!target) return;
  await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(historyCsv(history)));
  await vscode.commands.executeCommand('vscode.open', target);
}
