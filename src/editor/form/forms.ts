import { join } from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Job } from '../../jobs/job.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Log } from '../../jobs/ports.ts';
import type { Draft } from '../../shared/draft.ts';
import { formatSeconds } from '../../shared/seconds.ts';
import { savedFormSchema } from '../../shared/pageRequest.ts';
import { sourceKey, type SavedForm } from '../../shared/protocol.ts';
import { findTool, toolOf } from '../../tools/index.ts';
import type { Tool } from '../../tools/tool.ts';
import type { Balance } from '../balance.ts';
import type { FormRequest, JobActions } from '../jobActions.ts';
import type { Memory } from '../memory.ts';
import { DroppedFiles, sweepLeftovers } from './droppedFiles.ts';
import { jobsOfRows, newDraft, type Rows } from './draftRows.ts';
import type { SignIn } from '../signIn.ts';
import { text } from '../translate.ts';
import { formRoots } from './formHtml.ts';
import { FormPanel } from './formPanel.ts';
import { formViewType } from './formViewType.ts';

/** What every form uses. */
export interface FormParts {
  readonly extension: vscode.Uri;
  readonly jobs: Jobs;
  readonly actions: JobActions;
  readonly signIn: SignIn;
  readonly balance: Balance;
  readonly memory: Memory;
  readonly log: Log;
  readonly temporaryFolder: (name: string) => string;
  readonly dropped: DroppedFiles;
  readonly onDidChangePresets: vscode.Event<void>;
  readonly presetsChanged: () => void;
}

/** Opens forms. */
export class Forms implements vscode.Disposable {
  readonly #parts: FormParts;
  readonly #presets = new vscode.EventEmitter<void>();
  readonly #forms = new Set<FormPanel>();

  constructor(
    parts: Omit<FormParts, 'temporaryFolder' | 'dropped' | 'onDidChangePresets' | 'presetsChanged'>,
    storage: vscode.Uri,
  ) {
    this.#parts = {
      ...parts,
      temporaryFolder: name => join(storage.fsPath, 'forms', name),
      dropped: new DroppedFiles(join(storage.fsPath, 'dropped')),
      onDidChangePresets: this.#presets.event,
      presetsChanged: () => this.#presets.fire(),
    };
  }

  open(tool: Tool, rows: Rows['rows']): void {
    const { memory } = this.#parts;
    this.#open(tool, newDraft(tool, rows, memory.lastValues(tool.id)));
  }

  /** Opens a form with the inputs and settings of a job; without settings, with those used last. */
  openWith(request: FormRequest): void {
    const tool = toolOf(request.tool);
    const values = request.values
      ? Object.fromEntries(Object.entries(request.values).map(([id, value]) => [id, String(value)]))
      : this.#parts.memory.lastValues(tool.id);
    const draft = newDraft(tool, [{ ...request.inputs }], values);
    const clip = request.clip && {
      start: formatSeconds(request.clip.start),
      end: formatSeconds(request.clip.end),
    };
    this.#open(tool, { ...draft, rows: draft.rows.map(row => ({ ...row, ...clip })) });
  }

  #open(tool: Tool, draft: Draft): void {
    const { Active } = vscode.ViewColumn;
    const panel = vscode.window.createWebviewPanel(formViewType, text(tool.title), Active, this.#options());
    this.#show(panel, tool, { draft, jobs: [] });
  }

  /** Brings a form back with what its page had kept. */
  async restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = v.safeParse(savedFormSchema, state);
    const tool = saved.success ? findTool(saved.output.draft.tool) : undefined;
    if (!saved.success || !tool) return panel.dispose();
    panel.webview.options = this.#options();
    const { draft, jobs } = saved.output;
    this.#show(panel, tool, { draft, jobs: jobs.length > 0 ? jobs : await this.#underWay(draft) });
  }

  /**
   * What the page kept may be older than its last press of the button, after a crash or a hard reload: a job that is
   * under way is shown, and not a button that would buy it again.
   */
  async #underWay({ rows }: Draft): Promise<SavedForm['jobs']> {
    await this.#parts.jobs.refresh();
    return jobsOfRows(rows, this.#parts.jobs.current);
  }

  #show(panel: vscode.WebviewPanel, tool: Tool, saved: SavedForm): void {
    const icon = (theme: string) => vscode.Uri.joinPath(this.#parts.extension, 'media', `form-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    const form = new FormPanel(panel, tool, saved, this.#parts);
    this.#forms.add(form);
    panel.onDidDispose(() => {
      this.#forms.delete(form);
      this.#release(form.files).catch(this.#logError);
    });
    this.#parts.dropped.touch(form.files).catch(this.#logError);
  }

  /** Removes copies that neither a form nor a job needs; one that failed may be tried again. */
  async #release(uris: readonly string[]): Promise<void> {
    const { dropped, jobs } = this.#parts;
    await jobs.refresh();
    const unsaved = jobs.current.filter(({ phase }) => phase !== 'saved');
    const needed = new Set([...this.#forms].flatMap(({ files }) => files).concat(filesOf(unsaved)));
    await dropped.remove(uris.filter(uri => !needed.has(uri)));
  }

  /** Removes what forms of crashed windows left. */
  async sweep(): Promise<void> {
    await this.#parts.dropped.sweep(filesOf(this.#parts.jobs.current));
    await sweepLeftovers(this.#parts.temporaryFolder(''));
  }

  readonly #logError = (error: unknown): void =>
    this.#parts.log.warn(`Could not clean up files of a form: ${String(error)}`);

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: formRoots(this.#parts.extension) };
  }

  dispose(): void {
    this.#presets.dispose();
  }
}

const filesOf = (jobs: readonly Job[]): string[] =>
  jobs.flatMap(({ request }) => Object.values(request.inputs).map(sourceKey));
