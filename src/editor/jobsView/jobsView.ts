import * as vscode from 'vscode';
import type { Jobs } from '../../jobs/jobs.ts';
import type { JobActions } from '../jobActions.ts';
import type { Balance } from '../balance.ts';
import type { Memory } from '../memory.ts';
import { text } from '../translate.ts';
import { groupOf } from './jobGroups.ts';
import { registerJobCommands } from './jobCommands.ts';
import type { JobNode, JobTree } from './jobTree.ts';

export interface JobsViewParts {
  readonly view: vscode.TreeView<JobNode>;
  readonly tree: JobTree;
  readonly jobs: Jobs;
  readonly actions: JobActions;
  readonly memory: Memory;
  readonly balance: Balance;
}

/** The "Magic Hour" tree: hidden until there has been a job, with a badge while one needs an answer. */
export function registerJobsView(parts: JobsViewParts): vscode.Disposable {
  const { view, tree, jobs, memory, balance } = parts;
  const update = () => {
    if (jobs.current.length > 0 && !memory.hadJobs) {
      void memory.rememberJobs();
      void vscode.commands.executeCommand('setContext', 'magicHour.hasJobs', true);
    }
    const asking = jobs.current.filter(job => groupOf(job) === 'asking').length;
    view.badge =
      asking > 0 ? { value: asking, tooltip: text('status.asking', { count: asking }) } : undefined;
    tree.refresh();
  };
  const subscription = jobs.onDidChange(job => {
    // Progress changes many times a second and is shown by the status bar; the tree shows phases.
    if (!job?.progress?.fraction) update();
  });
  update();
  // An empty view says what is missing: a key, a connection, or only a first job.
  const askForConnection = () => {
    if (view.visible && jobs.current.length === 0) void balance.refresh();
  };
  askForConnection();
  return vscode.Disposable.from(
    view.onDidChangeVisibility(askForConnection),
    balance.onDidChange(() =>
      vscode.commands.executeCommand('setContext', 'magicHour.offline', !balance.reachable),
    ),
    new vscode.Disposable(() => subscription.dispose()),
    registerJobCommands(parts),
  );
}
