import * as vscode from 'vscode';
import { isEnded, type JobView } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import { text } from '../translate.ts';
import { groupOf, groups, type JobGroup } from './jobGroups.ts';
import { jobHover } from './jobHover.ts';
import { jobItem } from './jobItem.ts';

export type JobNode = JobView | { readonly group: JobGroup };

const isGroup = (node: JobNode): node is { readonly group: JobGroup } => 'group' in node;

/** Lists the jobs by group. Ended jobs are read from disk when the tree is shown. */
export class JobTree implements vscode.TreeDataProvider<JobNode>, vscode.TreeDragAndDropController<JobNode> {
  readonly dropMimeTypes = [];
  readonly dragMimeTypes = ['text/uri-list'];
  readonly #jobs: JobService;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  #shownGroups: ReadonlySet<JobGroup> = new Set(groups.map(({ id }) => id));
  readonly #read = new vscode.EventEmitter<readonly JobView[]>();
  /** Fires when all jobs have been read from disk. */
  readonly onDidRead = this.#read.event;
  #history: Promise<readonly JobView[]> | undefined;
  #all: readonly JobView[] = [];

  constructor(jobs: JobService) {
    this.#jobs = jobs;
  }

  get filter(): ReadonlySet<JobGroup> {
    return this.#shownGroups;
  }

  set filter(shown: ReadonlySet<JobGroup>) {
    this.#shownGroups = shown;
    this.#changed.fire();
  }

  /** @param isKnown Whether only jobs in `current` have changed. If not, ended jobs are read from disk again. */
  refresh(isKnown = false): void {
    if (!isKnown) this.#history = undefined;
    this.#changed.fire();
  }

  getTreeItem(node: JobNode): vscode.TreeItem {
    if (!isGroup(node)) return jobItem(node);
    const group = groups.find(({ id }) => id === node.group);
    const item = new vscode.TreeItem(
      group ? text(group.label) : node.group,
      node.group === 'stopped'
        ? vscode.TreeItemCollapsibleState.Collapsed
        : vscode.TreeItemCollapsibleState.Expanded,
    );
    item.id = `group.${node.group}`;
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, node: JobNode): vscode.TreeItem {
    if (!isGroup(node)) item.tooltip = jobHover(node);
    return item;
  }

  async getChildren(node?: JobNode): Promise<JobNode[]> {
    if (!node) {
      this.#all = await this.#readAll();
      this.#read.fire(this.#all);
      return groups
        .filter(({ id }) => this.#shownGroups.has(id) && this.#all.some(job => groupOf(job) === id))
        .map(({ id }) => ({ group: id }));
    }
    return isGroup(node) ? this.#all.filter(job => groupOf(job) === node.group) : [];
  }

  handleDrag(source: readonly JobNode[], data: vscode.DataTransfer): void {
    const results = source.flatMap(node => (isGroup(node) ? [] : node.results));
    if (results.length > 0) data.set('text/uri-list', new vscode.DataTransferItem(results.join('\r\n')));
  }

  async #readAll(): Promise<readonly JobView[]> {
    this.#history ??= this.#jobs.history().catch((error: unknown) => {
      this.#history = undefined;
      throw error;
    });
    const history = await this.#history;
    const { current } = this.#jobs;
    const known = new Set(current.map(job => job.id));
    const ended = history.filter(job => !known.has(job.id) && isEnded(job));
    return [...current, ...ended].toSorted((a, b) => b.createdAt - a.createdAt);
  }
}
