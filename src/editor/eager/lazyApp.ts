import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { JobNode } from '../jobsView/jobTree.ts';

/**
 * Starts the app when it's first needed. Owns the jobs view and the placeholders, which must exist before then.
 */
export class LazyApp implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #view: vscode.TreeView<JobNode>;
  readonly #treeChanged = new vscode.EventEmitter<void>();
  readonly #placeholders: vscode.Disposable[] = [];
  #starting: Promise<App> | undefined;
  #app: App | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.#context = context;
    this.#view = vscode.window.createTreeView<JobNode>('magicHour.jobs', {
      treeDataProvider: {
        getTreeItem: node => this.#needTree().getTreeItem(node),
        getChildren: async node => (await this.start()).tree.getChildren(node),
        resolveTreeItem: (item, node) => this.#needTree().resolveTreeItem(item, node),
        onDidChangeTreeData: this.#treeChanged.event,
      },
      dragAndDropController: {
        dropMimeTypes: [],
        dragMimeTypes: ['text/uri-list'],
        handleDrag: (source, data) => this.#needTree().handleDrag(source, data),
      },
    });
  }

  /** The app, or undefined if it hasn't started yet. */
  get running(): App | undefined {
    return this.#app;
  }

  /** Adds a placeholder that is disposed of just before the app replaces it. */
  addPlaceholder(placeholder: vscode.Disposable): void {
    this.#placeholders.push(placeholder);
  }

  start(): Promise<App> {
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<App> {
    const { startApp } = await import('../app.ts');
    vscode.Disposable.from(...this.#placeholders.splice(0)).dispose();
    this.#app = startApp(this.#context, this.#view);
    this.#context.subscriptions.push(this.#app.tree.onDidChangeTreeData(() => this.#treeChanged.fire()));
    return this.#app;
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#placeholders, this.#view, this.#treeChanged).dispose();
  }

  /** Returns the tree. The view has no rows until `getChildren` has started the app. */
  #needTree(): App['tree'] {
    if (!this.#app) throw new Error('A row was requested before the jobs view had any');
    return this.#app.tree;
  }
}
