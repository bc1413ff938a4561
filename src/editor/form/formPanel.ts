import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { JobView } from '../../jobs/job.ts';
import type { Draft } from '../../shared/draft.ts';
import { HumanError, type SuggestedAction } from '../../shared/message.ts';
import {
  sourceKey,
  type FormState,
  type PageRequest,
  type SavedForm,
  type SubmitReply,
} from '../../shared/protocol.ts';
import type { AssetSource } from '../../shared/asset.ts';
import type { Tool } from '../../tools/tool.ts';
import { nameOf } from '../assetName.ts';
import { browse } from '../pickInputs.ts';
import { text, translatedStrings } from '../translate.ts';
import { addSources, sourcesOf, type DraftSource } from './draftRows.ts';
import { formHtml, pageFiles } from './formHtml.ts';
import { formJob } from './formJob.ts';
import type { FormDependencies } from './forms.ts';
import { InputFacts } from './inputFacts.ts';
import { LocalFiles } from './localFiles.ts';
import { PageChannel } from './pageChannel.ts';
import { ReadableFiles } from './readableFiles.ts';
import { prepareSubmission } from './submission.ts';

/** How long to wait for facts about the inputs, in milliseconds, before opening the page without them. */
const factsTimeout = 50;

type SubmitRequest = Extract<PageRequest, { type: 'submit' }>;

/**
 * An open form. Keeps its draft, answers its page's requests, and shows the jobs submitted from it. VS Code destroys
 * the page when its tab is hidden, so the draft is kept here and in the page's saved state.
 */
export class FormPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #page: PageChannel;
  readonly #tool: Tool;
  readonly #dependencies: FormDependencies;
  readonly #files: LocalFiles;
  readonly #facts: InputFacts;
  readonly #readable: ReadableFiles;
  readonly #subscriptions: vscode.Disposable[];
  #draft: Draft;
  #jobs: readonly { readonly id: string; readonly row: string }[];
  #submitting: Promise<SubmitReply> | undefined;
  #pushing: Promise<void> | undefined;
  #pushAgain = false;
  #isDisposed = false;
  #onReady: (() => void) | undefined;

  constructor(panel: vscode.WebviewPanel, tool: Tool, saved: SavedForm, dependencies: FormDependencies) {
    this.#panel = panel;
    this.#page = new PageChannel(panel, dependencies.log, body => this.#answer(body));
    this.#tool = tool;
    this.#dependencies = dependencies;
    this.#draft = saved.draft;
    this.#jobs = saved.jobs;
    this.#files = new LocalFiles(dependencies.temporaryFolder(crypto.randomUUID()));
    this.#facts = new InputFacts(this.#files, dependencies.log, () =>
      this.#page.push({ assets: this.#facts.views }),
    );
    this.#readable = new ReadableFiles(this.#files, this.#facts, () => this.#ownJobs());
    this.#subscriptions = [
      this.#page,
      panel.onDidDispose(() => this.#dispose()),
      dependencies.balance.onDidChange(() => this.#page.push({ account: dependencies.balance.account })),
      dependencies.onDidChangePresets(() =>
        this.#page.push({ presets: dependencies.userState.presets(tool.id) }),
      ),
    ];
    const jobs = dependencies.jobs.onDidChange(job => {
      if (!job || this.#jobs.some(({ id }) => id === job.id)) void this.#pushJobs();
    });
    this.#subscriptions.push(new vscode.Disposable(() => jobs.dispose()));
    this.#showTitle();
    this.#wantFacts();
    void dependencies.actions.attempt(() => this.#open(panel));
    void dependencies.balance.refresh();
  }

  /** VS Code prepares the page in the meantime, so briefly waiting for facts about the inputs causes no delay. */
  async #open(panel: vscode.WebviewPanel): Promise<void> {
    await Promise.race([this.#facts.settled(), setTimeout(factsTimeout)]);
    const state = await this.#state();
    const assets = await this.#readable.withContent(state.assets);
    const files = await pageFiles(this.#dependencies.extension);
    if (!this.#isDisposed)
      panel.webview.html = formHtml(panel.webview, files, panel.title, { ...state, assets });
  }

  /** Calls `listener` when the page asks for its state for the first time. */
  onceReady(listener: () => void): void {
    this.#onReady = listener;
  }

  get isVisible(): boolean {
    return this.#panel.visible;
  }

  /** Returns whether this job is visible in the form. */
  shows(job: string): boolean {
    return this.#panel.visible && this.#jobs.some(({ id }) => id === job);
  }

  /** The inputs of the form and of its jobs. */
  get files(): string[] {
    const ofJobs = this.#jobs.flatMap(({ id }) =>
      Object.values(this.#dependencies.jobs.get(id)?.request.inputs ?? {}),
    );
    return [...this.#sources().map(({ source }) => source), ...ofJobs].map(sourceKey);
  }

  #answer(body: PageRequest): unknown {
    const { userState } = this.#dependencies;
    switch (body.type) {
      case 'ready':
        this.#onReady?.();
        this.#onReady = undefined;
        return this.#state();
      case 'draft':
        return this.#setDraft(body.draft);
      case 'chooseFile':
        return this.#chooseFile(body.row, body.input);
      case 'dropUris':
        return this.#addToRow(
          body.row,
          body.input,
          body.uris.map(uri => ({ kind: 'file', uri: parseUri(uri) })),
        );
      case 'dropFile':
        return this.#dropFile(body);
      case 'submit':
        return this.#submit(body);
      case 'createAnother':
        this.#jobs = [];
        void this.#dependencies.balance.refresh();
        return this.#page.push({ jobs: [] });
      case 'job':
        return this.#perform(body);
      case 'suggestedAction':
        return this.#help(body.suggestedAction, body.job);
      case 'savePreset':
        return userState
          .savePreset(this.#tool.id, { name: body.name, values: body.values })
          .then(() => this.#dependencies.presetsChanged());
      case 'deletePreset':
        return userState
          .deletePreset(this.#tool.id, body.name)
          .then(() => this.#dependencies.presetsChanged());
      case 'readBytes':
        return this.#readable.read(body.source, body.from, body.length);
      case 'cutClip':
        return this.#readable.cut(body.source, body.start, body.end);
      case 'pageError':
        return this.#dependencies.log.error(`Error in the form: ${body.text}`);
    }
  }

  async #state(): Promise<FormState> {
    return {
      locale: vscode.env.language,
      strings: translatedStrings(),
      draft: this.#draft,
      assets: this.#facts.views,
      account: this.#dependencies.balance.account,
      presets: this.#dependencies.userState.presets(this.#tool.id),
      jobs: await this.#formJobs(),
    };
  }

  #setDraft(draft: Draft): void {
    if (draft.tool !== this.#tool.id) throw new Error('The draft belongs to another tool');
    this.#draft = draft;
    this.#showTitle();
    this.#wantFacts();
    this.#page.push({ assets: this.#facts.views });
  }

  #showTitle(): void {
    const title = formTitle(this.#tool, this.#draft);
    if (this.#panel.title !== title) this.#panel.title = title;
  }

  #wantFacts(): void {
    for (const { source, kind } of this.#sources()) this.#facts.want(source, kind);
    this.#facts.keepOnly(new Set(this.#sources().map(({ source }) => sourceKey(source))));
  }

  #sources(): DraftSource[] {
    return sourcesOf(this.#draft, this.#tool.inputs);
  }

  async #chooseFile(row: string, input: string): Promise<void> {
    const kind = this.#tool.inputs.find(({ id }) => id === input)?.accepts;
    const sources = kind && (await browse([kind]));
    if (sources) this.#addToRow(row, input, sources);
  }

  #addToRow(row: string, input: string, sources: readonly AssetSource[]): void {
    this.#draft = addSources(this.#draft, row, input, sources);
    this.#showTitle();
    this.#wantFacts();
    // Don't add our own copies of dropped files, because they are removed later.
    void this.#dependencies.userState.addRecent(
      sources.filter(source => !this.#dependencies.dropped.has(sourceKey(source))),
    );
    this.#page.push({ draft: this.#draft, assets: this.#facts.views });
  }

  async #dropFile(drop: Extract<PageRequest, { type: 'dropFile' }>): Promise<void> {
    const uri = await this.#dependencies.dropped.add(drop.name, drop.bytes);
    this.#addToRow(drop.row, drop.input, [{ kind: 'file', uri: uri.toString() }]);
  }

  /** If a submission is in progress, a second one gets the same reply, so nothing is charged twice. */
  #submit(submit: SubmitRequest): Promise<SubmitReply> {
    this.#submitting ??= this.#submitOnce(submit).finally(() => (this.#submitting = undefined));
    return this.#submitting;
  }

  async #submitOnce({ draft, credits }: SubmitRequest): Promise<SubmitReply> {
    // The page hides its button while the form has jobs, and shows it again when they're removed from the list.
    if ((await this.#ownJobs()).length > 0) return { accepted: true };
    const { userState, signIn, jobs } = this.#dependencies;
    this.#setDraft(draft);
    const submission = await prepareSubmission(this.#tool, draft, this.#facts, {
      isOwnCopy: this.#dependencies.dropped.has,
      plan: this.#dependencies.balance.account.plan,
      shownCredits: credits,
    });
    if ('problems' in submission) return { accepted: false, problems: submission.problems };
    if (!(await signIn.ensure()))
      return { accepted: false, problems: [{ control: 'submit', message: { key: 'editor.keyMissing' } }] };
    const submitted = await jobs.submit(submission.requests);
    this.#jobs = submitted.map((job, index) => ({ id: job.id, row: submission.rows[index] ?? '' }));
    await userState.rememberValues(this.#tool.id, draft.values);
    await this.#pushJobs();
    return { accepted: true };
  }

  async #perform({ job: id, action, index, answer }: Extract<PageRequest, { type: 'job' }>): Promise<void> {
    const job = await this.#ownJob(id);
    const { actions } = this.#dependencies;
    return answer ? actions.answerWith(job, answer) : actions.perform(action, job, index);
  }

  async #help(suggestedAction: SuggestedAction, id: string | undefined): Promise<void> {
    const job = id === undefined ? undefined : await this.#ownJob(id);
    await this.#dependencies.actions.suggestedAction(suggestedAction, job);
  }

  /** Returns a job of this form. The page can't access other jobs. */
  async #ownJob(id: string): Promise<JobView> {
    const job = this.#jobs.some(own => own.id === id) ? await this.#dependencies.jobs.find(id) : undefined;
    if (!job) throw new HumanError('editor.jobGone');
    return job;
  }

  async #ownJobs(): Promise<readonly JobView[]> {
    const jobs = await Promise.all(this.#jobs.map(({ id }) => this.#dependencies.jobs.find(id)));
    return jobs.filter(job => job !== undefined);
  }

  async #formJobs(): Promise<FormState['jobs']> {
    const shown: FormState['jobs'][number][] = [];
    for (const { id, row } of this.#jobs) {
      const job = await this.#dependencies.jobs.find(id);
      if (job) shown.push(await formJob(job, row));
    }
    return shown;
  }

  /**
   * Pushes the jobs to the page, and repeats the push if they changed in the meantime. Only one push runs at a time, so
   * that the last one has the latest state.
   */
  #pushJobs(): Promise<void> {
    this.#pushAgain = true;
    this.#pushing ??= (async () => {
      while (this.#pushAgain && this.#page.isReady) {
        this.#pushAgain = false;
        const shown = this.#jobs;
        const jobs = await this.#formJobs();
        // If the form now shows other jobs, they are pushed separately.
        if (shown === this.#jobs) this.#page.push({ jobs });
      }
    })().finally(() => (this.#pushing = undefined));
    return this.#pushing;
  }

  #dispose(): void {
    this.#isDisposed = true;
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#files
      .dispose()
      .catch(error => this.#dependencies.log.warn(`Couldn't remove temporary files: ${String(error)}`));
  }
}

/** Returns a title with the first file and the number of other rows, to distinguish multiple forms of the same tool. */
export function formTitle(tool: Tool, draft: Draft): string {
  const [first] = sourcesOf(draft, tool.inputs);
  if (!first) return text(tool.title);
  const others = draft.rows.length - 1;
  return `${text(tool.title)}: ${nameOf(first.source)}${others > 0 ? ` +${others}` : ''}`;
}

const parseUri = (words: string): string => {
  try {
    return vscode.Uri.parse(words, true).toString();
  } catch {
    throw new HumanError('editor.notAFile');
  }
};
