import * as vscode from 'vscode';
import { actionsFor } from '../jobs/actions.ts';
import { isActive, type JobView } from '../jobs/job.ts';
import type { JobService } from '../jobs/jobService.ts';
import { jobActions } from '../shared/jobAction.ts';
import { actionLabel, titleOf } from './jobActions.ts';
import { groupOf } from './jobsView/jobGroups.ts';
import { jobProgress, phaseText } from './phaseText.ts';
import { text } from './translate.ts';

/** The server reports no rendering progress, so the estimate is updated as time passes. */
const refreshMs = 1_000;
const shownJobs = 10;

/** The part of the forms that the status bar depends on. */
export interface ShownForms {
  /** Returns whether a visible form shows this job. */
  shows(id: string): boolean;
  readonly onDidShow: vscode.Event<void>;
}

/**
 * A status bar item for all jobs. It's shown only while a job is running, needs attention, or has failed unseen.
 */
export class StatusBar implements vscode.Disposable {
  readonly #jobs: JobService;
  readonly #forms: ShownForms;
  readonly #subscriptions: readonly { dispose(): void }[];
  /** Jobs that were running at the last update. */
  readonly #running = new Set<string>();
  /** Jobs that failed in this window and that the user hasn't seen since. */
  readonly #failed = new Set<string>();
  #item: vscode.StatusBarItem | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(jobs: JobService, forms: ShownForms) {
    this.#jobs = jobs;
    this.#forms = forms;
    this.#subscriptions = [jobs.onDidChange(() => this.#update()), forms.onDidShow(() => this.#update())];
    this.#update();
  }

  /** Called when the user views the list of jobs. */
  markSeen(): void {
    this.#failed.clear();
    this.#update();
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    clearInterval(this.#timer);
    this.#item?.dispose();
  }

  #update(): void {
    const { current } = this.#jobs;
    for (const job of current) {
      if (isActive(job)) this.#running.add(job.id);
      else if (this.#running.delete(job.id) && job.phase === 'failed' && job.isHere) this.#failed.add(job.id);
    }
    for (const id of this.#failed)
      if (this.#forms.shows(id) || this.#jobs.get(id)?.phase !== 'failed') this.#failed.delete(id);
    const working = current.filter(job => groupOf(job) === 'working');
    const asking = current.filter(job => groupOf(job) === 'asking');
    const failed = current.filter(({ id }) => this.#failed.has(id));
    this.#setTimer(working.some(({ phase }) => phase === 'waiting'));
    if (working.length + asking.length + failed.length === 0) {
      this.#item?.dispose();
      this.#item = undefined;
      return;
    }
    const item = (this.#item ??= createItem());
    const { icon, label, color } =
      asking.length > 0
        ? {
            icon: 'question',
            label: text('status.asking', { count: asking.length }),
            color: 'statusBarItem.warningBackground',
          }
        : failed.length > 0
          ? {
              icon: 'error',
              label: text('status.failed', { count: failed.length }),
              color: 'statusBarItem.errorBackground',
            }
          : { icon: 'sync~spin', label: workingLabel(working), color: undefined };
    item.text = `$(${icon}) Magic Hour: ${label}`;
    item.backgroundColor = color === undefined ? undefined : new vscode.ThemeColor(color);
    item.tooltip = tooltip([...asking, ...failed, ...working]);
    item.accessibilityInformation = { label: `Magic Hour: ${label}`, role: 'button' };
  }

  #setTimer(isNeeded: boolean): void {
    if (isNeeded) this.#timer ??= setInterval(() => this.#update(), refreshMs);
    else {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
  }
}

function createItem(): vscode.StatusBarItem {
  const item = vscode.window.createStatusBarItem('magicHour.jobs', vscode.StatusBarAlignment.Left, 1);
  item.name = 'Magic Hour';
  item.command = 'magicHour.showJobs';
  item.show();
  return item;
}

function workingLabel(working: readonly JobView[]): string {
  const [only] = working;
  if (only && working.length === 1) return phaseText(only);
  const done = working.reduce((sum, job) => sum + (jobProgress(job) ?? 0), 0) / working.length;
  return text('status.working', { count: working.length, percent: Math.floor(done * 100) });
}

/** Lists the jobs with their state and primary action. */
function tooltip(jobs: readonly JobView[]): vscode.MarkdownString {
  const markdown = new vscode.MarkdownString();
  markdown.isTrusted = { enabledCommands: jobActions.map(action => `magicHour.job.${action}`) };
  for (const job of jobs.slice(0, shownJobs)) {
    markdown.appendMarkdown('- ').appendText(`${titleOf(job)}: ${phaseText(job)}`);
    const [action] = actionsFor(job);
    if (action) {
      const target = `command:magicHour.job.${action}?${encodeURIComponent(JSON.stringify([{ id: job.id }]))}`;
      markdown.appendMarkdown(` – [${actionLabel(action, job)}](${target})`);
    }
    markdown.appendMarkdown('\n');
  }
  if (jobs.length > shownJobs) markdown.appendMarkdown('- …\n');
  if (jobs.some(job => groupOf(job) === 'working'))
    markdown.appendMarkdown('\n').appendText(text('status.estimates'));
  return markdown;
}
