import * as vscode from 'vscode';
import type { JobView } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import { text } from '../translate.ts';
import { historyCsv } from './history.ts';
import { groups } from './jobGroups.ts';
import type { JobsViewParts } from './jobsView.ts';
import type { JobTree } from './jobTree.ts';

/** What the rows and the title bar of the jobs view can do. */
export function registerJobCommands({
  jobs,
  actions,
  tree,
  memory,
  again,
}: JobsViewParts): vscode.Disposable {
  /** Rows hand over the job as it was when they were drawn; what counts is how it is now. */
  const onJob = (name: string, act: (job: JobView) => unknown) =>
    vscode.commands.registerCommand(`magicHour.job.${name}`, async (node?: { readonly id?: unknown }) => {
      const job = typeof node?.id === 'string' ? await jobs.find(node.id) : undefined;
      if (job) await actions.attempt(() => act(job), job);
    });
  return vscode.Disposable.from(
    onJob('open', job => actions.open(job)),
    onJob('reveal', job => actions.reveal(job)),
    onJob('openExternal', job => actions.openExternal(job)),
    onJob('stop', job => actions.stop(job)),
    onJob('resume', job => actions.resume(job)),
    onJob('retry', job => actions.retry(job)),
    onJob('answer', job =>
      job.blocked ? actions.suggestedAction(job.blocked.suggestedAction, job) : actions.answer(job),
    ),
    onJob('openLibrary', job => actions.openLibrary(job)),
    onJob('deleteOnServer', job => actions.deleteOnServer(job)),
    onJob('copyId', job => vscode.env.clipboard.writeText(job.projectId ?? job.id)),
    onJob('createAgain', again),
    onJob('remove', job => jobs.remove(job.id)),
    vscode.commands.registerCommand('magicHour.filterJobs', () => filterJobs(tree)),
    vscode.commands.registerCommand('magicHour.exportHistory', () => exportHistory(jobs)),
    vscode.commands.registerCommand('magicHour.openJobsView', async () => {
      await memory.rememberJobs();
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
