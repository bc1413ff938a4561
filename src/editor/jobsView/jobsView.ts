import * as vscode from 'vscode';
import type { Job, JobView } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import { localDate } from '../../shared/outputName.ts';
import type { JobActions } from '../jobActions.ts';
import type { Balance } from '../balance.ts';
import type { UserState } from '../userState.ts';
import { text } from '../translate.ts';
import { monthlyCredits } from './history.ts';
import { groupOf } from './jobGroups.ts';
import { registerJobCommands } from './jobCommands.ts';
import type { JobNode, JobTree } from './jobTree.ts';

export interface JobsViewDependencies {
  readonly view: vscode.TreeView<JobNode>;
  readonly tree: JobTree;
  readonly jobs: JobService;
  readonly actions: JobActions;
  readonly userState: UserState;
  readonly balance: Balance;
}

/** Sets up the jobs view, which is hidden until there has been a job. Its badge counts jobs that need attention. */
export function registerJobsView(dependencies: JobsViewDependencies): vscode.Disposable {
  const { view, tree, jobs, userState, balance } = dependencies;
  const update = (job?: JobView) => {
    if (jobs.current.length > 0 && !userState.hadJobs) {
      void userState.rememberJobs();
      void vscode.commands.executeCommand('setContext', 'magicHour.hasJobs', true);
    }
    const asking = jobs.current.filter(job => groupOf(job) === 'asking').length;
    view.badge =
      asking > 0 ? { value: asking, tooltip: text('status.asking', { count: asking }) } : undefined;
    tree.refresh(job !== undefined);
  };
  const subscription = jobs.onDidChange(job => {
    // Progress changes many times per second. The status bar shows it, but the tree shows only phases.
    if (!job?.progress?.fraction) update(job);
  });
  update();
  // The welcome content of an empty view depends on whether there's a key and a connection.
  const askForConnection = () => {
    if (view.visible && jobs.current.length === 0) void balance.refresh();
  };
  askForConnection();
  return vscode.Disposable.from(
    view.onDidChangeVisibility(askForConnection),
    tree.onDidRead(all => (view.description = creditsThisMonth(all))),
    balance.onDidChange(() =>
      vscode.commands.executeCommand('setContext', 'magicHour.offline', !balance.reachable),
    ),
    new vscode.Disposable(() => subscription.dispose()),
    registerJobCommands(dependencies),
  );
}

/** Returns the text shown next to the view title, which may be cut off there but is complete in the tooltip. */
function creditsThisMonth(jobs: readonly Job[], now = new Date()): string | undefined {
  const credits = monthlyCredits(jobs).get(localDate(now).slice(0, 7));
  if (!credits) return undefined;
  const month = new Intl.DateTimeFormat(vscode.env.language, { month: 'long' }).format(now);
  return text('jobs.creditsInMonth', { credits, month });
}
