import * as vscode from 'vscode';
import { isAtWork, type JobView } from '../jobs/job.ts';
import type { Jobs } from '../jobs/jobs.ts';
import { titleOf } from './jobActions.ts';
import { groupOf } from './jobsView/jobGroups.ts';
import { phaseText } from './phaseText.ts';
import { text } from './translate.ts';

/** One status bar item for all jobs, shown only while one runs or needs attention. */
export function registerStatusBar(jobs: Jobs): vscode.Disposable {
  let item: vscode.StatusBarItem | undefined;

  const update = () => {
    const working = jobs.current.filter(isAtWork);
    const asking = jobs.current.filter(job => groupOf(job) === 'asking');
    if (working.length === 0 && asking.length === 0) {
      item?.dispose();
      item = undefined;
      return;
    }
    item ??= createItem();
    const label = asking.length > 0 ? askingLabel(asking) : workingLabel(working);
    item.text = `${asking.length > 0 ? '$(question)' : '$(loading~spin)'} ${label}`;
    item.backgroundColor =
      asking.length > 0 ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    item.tooltip = tooltip([...asking, ...working.filter(job => !asking.includes(job))]);
    item.accessibilityInformation = { label: `Magic Hour: ${label}`, role: 'button' };
  };

  const subscription = jobs.onDidChange(update);
  update();
  return { dispose: () => (subscription.dispose(), item?.dispose()) };
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('magicHour.jobs', vscode.StatusBarAlignment.Left, 1);
  item.name = 'Magic Hour';
  item.command = 'magicHour.showJobs';
  item.show();
  return item;
}

const askingLabel = (asking: readonly JobView[]): string =>
  asking[0] && asking.length === 1 ? phaseText(asking[0]) : text('status.asking', { count: asking.length });

function workingLabel(working: readonly JobView[]): string {
  const [only] = working;
  if (only && working.length === 1) return phaseText(only);
  const furthest = working.toSorted((a, b) => (b.progress?.fraction ?? 0) - (a.progress?.fraction ?? 0))[0];
  return text('status.working', { count: working.length, phase: furthest ? phaseText(furthest) : '' });
}

/** Plain text, because file names may contain Markdown. */
function tooltip(jobs: readonly JobView[]): string {
  const lines = jobs.slice(0, 10).map(job => `${titleOf(job)}: ${phaseText(job)}`);
  if (jobs.length > 10) lines.push('…');
  return lines.join('\n');
}
