import { join } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Job } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import type { Log } from '../../jobs/ports.ts';
import type { Draft } from '../../shared/draft.ts';
import { formatSeconds } from '../../shared/seconds.ts';
import { savedFormSchema } from '../../shared/pageRequest.ts';
import { sourceKey, type SavedForm } from '../../shared/protocol.ts';
import { findTool, toolOf } from '../../tools/index.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Balance } from '../balance.ts';
import type { FormRequest, JobActions } from '../jobActions.ts';
import type { UserState } from '../userState.ts';
import { DroppedFiles, sweepLeftovers } from './droppedFiles.ts';
import { jobsOfRows, newDraft, type Rows } from './draftRows.ts';
import type { SignIn } from '../signIn.ts';
import { formRoots } from './formHtml.ts';
import { FormPanel, formTitle } from './formPanel.ts';
import { formViewType } from './formViewType.ts';

/** The dependencies of every form. */
export interface FormDependencies {
  readonly extension: vscode.Uri;
  readonly jobs: JobService;
  readonly actions: JobActions;
  readonly signIn: SignIn;
  readonly balance: Balance;
  readonly userState: UserState;
  readonly log: Log;
  readonly temporaryFolder: (name: string) => string;
  readonly dropped: DroppedFiles;
  readonly onDidChangePresets: vscode.Event<void>;
  readonly presetsChanged: () => void;
}

/** Opens and restores forms. */
export class Forms implements vscode.Disposable {
  readonly #dependencies: FormDependencies;
  readonly #presets = new vscode.EventEmitter<void>();
  readonly #shown = new vscode.EventEmitter<void>();
  readonly #forms = new Set<FormPanel>();

  constructor(
    dependencies: Omit<
      FormDependencies,
      'temporaryFolder' | 'dropped' | 'onDidChangePresets' | 'presetsChanged'
    >,
    storage: vscode.Uri,
  ) {
    this.#dependencies = {
      ...dependencies,
      temporaryFolder: name => join(storage.fsPath, 'forms', name),
      dropped: new DroppedFiles(join(storage.fsPath, 'dropped')),
      onDidChangePresets: this.#presets.event,
      presetsChanged: () => this.#presets.fire(),
    };
  }

  /** Fires when a form is shown or hidden. */
  get onDidShow(): vscode.Event<void> {
    return this.#shown.event;
  }

  /** Refreshes the balance, because the user may have bought credits or changed plans in the browser. */
  refresh(): void {
    if ([...this.#forms].some(form => form.isVisible)) void this.#dependencies.balance.refresh();
  }

  /** Returns whether a visible form shows this job. */
  shows(job: string): boolean {
    return [...this.#forms].some(form => form.shows(job));
  }

  /**
   * Resolves once the form can be used or is closed.
   * @param returnCommand A command that returns the focus to where the form was opened from when the form closes.
   */
  open(tool: Tool, rows: Rows['rows'], returnCommand?: string): Promise<void> {
    const { userState } = this.#dependencies;
    return this.#open(tool, newDraft(tool, rows, userState.lastValues(tool.id)), returnCommand);
  }

  /** Opens a form with these inputs and values. Without values, uses those used last. */
  openWith(request: FormRequest): void {
    const tool = toolOf(request.tool);
    const values = request.values
      ? Object.fromEntries(Object.entries(request.values).map(([id, value]) => [id, String(value)]))
      : this.#dependencies.userState.lastValues(tool.id);
    const draft = newDraft(tool, [{ ...request.inputs }], values);
    const clip = request.clip && {
      start: formatSeconds(request.clip.start),
      end: formatSeconds(request.clip.end),
    };
    void this.#open(tool, { ...draft, rows: draft.rows.map(row => ({ ...row, ...clip })) });
  }

  #open(tool: Tool, draft: Draft, returnCommand?: string): Promise<void> {
    const { Active } = vscode.ViewColumn;
    const title = formTitle(tool, draft);
    const panel = vscode.window.createWebviewPanel(formViewType, title, Active, this.#options());
    const form = this.#show(panel, tool, { draft, jobs: [] });
    const { promise, resolve } = Promise.withResolvers<void>();
    // After a menu or Quick Pick closes, VS Code returns the focus to where it was, and a page can't take it.
    form.onceReady(() => {
      if (panel.active) void vscode.commands.executeCommand('workbench.action.focusActiveEditorGroup');
      resolve();
    });
    let wasActive = panel.active;
    panel.onDidChangeViewState(() => (wasActive = panel.active));
    panel.onDidDispose(() => {
      if (wasActive && returnCommand) void vscode.commands.executeCommand(returnCommand);
      resolve();
    });
    return promise;
  }

  /** Restores a form from the saved state of its page. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = v.safeParse(savedFormSchema, state);
    const tool = saved.success ? findTool(saved.output.draft.tool) : undefined;
    if (!saved.success || !tool) return panel.dispose();
    panel.webview.options = this.#options();
    const { draft, jobs } = saved.output;
    this.#show(panel, tool, { draft, jobs: jobs.length > 0 ? jobs : await this.#underWay(draft) });
  }

  /**
   * Finds the draft's jobs that are unfinished or have ended since the app started. After a crash, the saved state may
   * be older than the last submission. Without these jobs, the form would show a button that charges for them again.
   */
  async #underWay({ rows }: Draft): Promise<SavedForm['jobs']> {
    await this.#dependencies.jobs.refresh();
    return jobsOfRows(rows, this.#dependencies.jobs.current);
  }

  #show(panel: vscode.WebviewPanel, tool: Tool, saved: SavedForm): FormPanel {
    const icon = (theme: string) =>
      vscode.Uri.joinPath(this.#dependencies.extension, 'media', `form-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const form = new FormPanel(panel, tool, saved, this.#dependencies);
    this.#forms.add(form);
    const markFiles = () => this.#dependencies.dropped.touch(form.files).catch(this.#logError);
    panel.onDidChangeViewState(() => {
      this.#shown.fire();
      void markFiles();
    });
    panel.onDidDispose(() => {
      this.#forms.delete(form);
      this.#release(form.files).catch(this.#logError);
    });
    void markFiles();
    return form;
  }

  /** Removes copies that no form or unsaved job needs. Failed jobs count as unsaved, because they can be retried. */
  async #release(uris: readonly string[]): Promise<void> {
    const { dropped, jobs } = this.#dependencies;
    const copies = uris.filter(dropped.has);
    if (copies.length === 0) return;
    // The current jobs don't include jobs that failed before this window was opened.
    const unsaved = (await jobs.history()).filter(({ phase }) => phase !== 'saved');
    const needed = new Set([...this.#forms].flatMap(({ files }) => files).concat(filesOf(unsaved)));
    await dropped.remove(copies.filter(uri => !needed.has(uri)));
  }

  /** Removes files that forms in crashed windows left behind. */
  async sweep(): Promise<void> {
    await this.#dependencies.dropped.sweep(filesOf(this.#dependencies.jobs.current));
    await sweepLeftovers(this.#dependencies.temporaryFolder(''));
  }

  readonly #logError = (error: unknown): void =>
    this.#dependencies.log.warn(`Couldn't clean up the files of a form: ${String(error)}`);

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: formRoots(this.#dependencies.extension) };
  }

  dispose(): void {
    this.#presets.dispose();
    this.#shown.dispose();
  }
}

const filesOf = (jobs: readonly Job[]): string[] =>
  jobs.flatMap(({ request }) => Object.values(request.inputs).map(sourceKey));
