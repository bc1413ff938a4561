import * as v from 'valibot';
import * as vscode from 'vscode';
import type { Draft } from '../../shared/draft.ts';
import { HumanError, type Message, type Remedy } from '../../shared/message.ts';
import {
  pageRequestSchema,
  sourceKey,
  type FormState,
  type HostMessage,
  type PageRequest,
  type SavedForm,
  type SubmitReply,
} from '../../shared/protocol.ts';
import type { AssetSource } from '../../shared/asset.ts';
import type { AssetKind, Tool } from '../../tools/tool.ts';
import { browse } from '../pickInputs.ts';
import { translatedStrings } from '../translate.ts';
import { addSources } from './draftRows.ts';
import { keepDropped } from './droppedFiles.ts';
import { formHtml } from './formHtml.ts';
import { formJob } from './formJob.ts';
import type { FormParts } from './forms.ts';
import { InputFacts } from './inputFacts.ts';
import { LocalFiles } from './localFiles.ts';
import { prepareSubmission } from './submission.ts';

/**
 * One open form: keeps its draft, answers its page, and shows the jobs it submitted. The page may come and go
 * (hidden tab, reload); what a person typed is here and in the page's own saved state.
 */
export class FormPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #tool: Tool;
  readonly #parts: FormParts;
  readonly #files: LocalFiles;
  readonly #facts: InputFacts;
  readonly #subscriptions: vscode.Disposable[];
  #draft: Draft;
  #jobs: readonly { readonly id: string; readonly row: string }[];
  #submitting: Promise<SubmitReply> | undefined;
  #ready = false;
  #isDisposed = false;

  constructor(panel: vscode.WebviewPanel, tool: Tool, saved: SavedForm, parts: FormParts) {
    this.#panel = panel;
    this.#tool = tool;
    this.#parts = parts;
    this.#draft = saved.draft;
    this.#jobs = saved.jobs;
    this.#files = new LocalFiles(parts.temporaryFolder(crypto.randomUUID()));
    this.#facts = new InputFacts(this.#files, parts.log, () => this.#push({ assets: this.#facts.views }));
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage(message => this.#receive(message)),
      panel.onDidChangeViewState(() => (this.#ready &&= panel.visible)),
      panel.onDidDispose(() => this.#dispose()),
      parts.balance.onDidChange(() => this.#push({ account: parts.balance.account })),
      parts.onDidChangePresets(() => this.#push({ presets: parts.memory.presets(tool.id) })),
    ];
    const jobs = parts.jobs.onDidChange(job => {
      if (!job || this.#jobs.some(({ id }) => id === job.id)) void this.#pushJobs();
    });
    this.#subscriptions.push(new vscode.Disposable(() => jobs.dispose()));
    this.#wantFacts();
    void parts.balance.refresh();
    panel.webview.html = formHtml(panel.webview, parts.extension, panel.title);
  }

  async #receive(message: unknown): Promise<void> {
    const parsed = v.safeParse(pageRequestSchema, message);
    if (!parsed.success) {
      this.#parts.log.warn(
        `The form sent a message that does not fit: ${v.flatten(parsed.issues).root?.join() ?? 'nested'}`,
      );
      const request = (message as { request?: unknown } | undefined)?.request;
      if (typeof request === 'number')
        this.#send({ type: 'failed', request, message: { key: 'error.unexpected' } });
      return;
    }
    const { request, body } = parsed.output;
    try {
      this.#send({ type: 'reply', request, value: await this.#answer(body) });
    } catch (error) {
      this.#send({ type: 'failed', request, message: this.#words(error) });
    }
  }

  #answer(body: PageRequest): unknown {
    const { memory } = this.#parts;
    switch (body.type) {
      case 'ready':
        this.#ready = true;
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
        return this.#submit(body.draft);
      case 'createAnother':
        this.#jobs = [];
        void this.#parts.balance.refresh();
        return this.#push({ jobs: [] });
      case 'job':
        return this.#actOn(body);
      case 'remedy':
        return this.#help(body.remedy, body.job);
      case 'savePreset':
        return memory
          .savePreset(this.#tool.id, { name: body.name, values: body.values })
          .then(() => this.#parts.presetsChanged());
      case 'deletePreset':
        return memory.deletePreset(this.#tool.id, body.name).then(() => this.#parts.presetsChanged());
      case 'readBytes':
        return this.#readBytes(body.source, body.from, body.length);
      case 'cutClip':
        return this.#cutClip(body.source, body.start, body.end);
      case 'pageError':
        return this.#parts.log.error(`In the form: ${body.text}`);
    }
  }

  async #state(): Promise<FormState> {
    return {
      locale: vscode.env.language,
      strings: translatedStrings(),
      draft: this.#draft,
      assets: this.#facts.views,
      account: this.#parts.balance.account,
      presets: this.#parts.memory.presets(this.#tool.id),
      jobs: await this.#formJobs(),
      problems: [],
    };
  }

  #setDraft(draft: Draft): void {
    if (draft.tool !== this.#tool.id) throw new Error('A draft of another tool');
    this.#draft = draft;
    this.#wantFacts();
    this.#push({ assets: this.#facts.views });
  }

  #wantFacts(): void {
    for (const { source, kind } of this.#sources()) this.#facts.want(source, kind);
    this.#facts.keepOnly(new Set(this.#sources().map(({ source }) => sourceKey(source))));
  }

  #sources(): { source: AssetSource; kind: AssetKind }[] {
    return this.#draft.rows.flatMap(row =>
      this.#tool.inputs.flatMap(input => {
        const source = row.inputs[input.id];
        return source ? [{ source, kind: input.accepts }] : [];
      }),
    );
  }

  async #chooseFile(row: string, input: string): Promise<void> {
    const kind = this.#tool.inputs.find(({ id }) => id === input)?.accepts;
    const sources = kind && (await browse([kind]));
    if (sources) this.#addToRow(row, input, sources);
  }

  #addToRow(row: string, input: string, sources: readonly AssetSource[]): void {
    this.#draft = addSources(this.#draft, row, input, sources);
    this.#wantFacts();
    void this.#parts.memory.addRecent(sources);
    this.#push({ draft: this.#draft, assets: this.#facts.views });
  }

  async #dropFile(drop: Extract<PageRequest, { type: 'dropFile' }>): Promise<void> {
    const uri = await keepDropped(this.#parts.droppedFolder, drop.name, drop.bytes);
    this.#addToRow(drop.row, drop.input, [{ kind: 'file', uri: uri.toString() }]);
  }

  /** A second press while the first is under way gets the first one's answer: nothing is bought twice. */
  #submit(draft: Draft): Promise<SubmitReply> {
    this.#submitting ??= this.#submitOnce(draft).finally(() => (this.#submitting = undefined));
    return this.#submitting;
  }

  async #submitOnce(draft: Draft): Promise<SubmitReply> {
    if (this.#jobs.length > 0) return { accepted: true };
    const { memory, signIn, jobs } = this.#parts;
    this.#setDraft(draft);
    const submission = await prepareSubmission(this.#tool, draft, this.#facts);
    if ('problems' in submission) return { accepted: false, problems: submission.problems };
    if (!(await signIn.ensure()))
      return { accepted: false, problems: [{ control: 'submit', message: { key: 'editor.keyMissing' } }] };
    const submitted = await jobs.submit(submission.requests);
    this.#jobs = submitted.map((job, index) => ({ id: job.id, row: submission.rows[index] ?? '' }));
    await memory.rememberValues(this.#tool.id, draft.values);
    await this.#pushJobs();
    return { accepted: true };
  }

  async #actOn({ job: id, act, index, answer }: Extract<PageRequest, { type: 'job' }>): Promise<void> {
    const job = this.#jobs.some(own => own.id === id) ? await this.#parts.jobs.find(id) : undefined;
    if (!job) throw new HumanError('editor.jobGone');
    const { acts } = this.#parts;
    switch (act) {
      case 'open':
        return acts.open(job, index);
      case 'reveal':
        return acts.reveal(job, index);
      case 'openExternal':
        return acts.openExternal(job, index);
      case 'answer':
        return answer ? acts.answerWith(job, answer) : acts.answer(job);
      default:
        return acts[act](job);
    }
  }

  async #help(remedy: Remedy, id: string | undefined): Promise<void> {
    await this.#parts.acts.remedy(remedy, id === undefined ? undefined : await this.#parts.jobs.find(id));
  }

  async #readBytes(source: AssetSource, from: number, length: number): Promise<Uint8Array> {
    const { readRange } = await import('../../assets/readRange.ts');
    return readRange(await this.#shownPath(source), from, length);
  }

  async #cutClip(source: AssetSource, start: number, end: number): Promise<unknown> {
    const path = await this.#shownPath(source);
    const { cutForPlayback } = await import('../../assets/playback.ts');
    return cutForPlayback(path, sourceKey(source), { start, end });
  }

  /** A page may read what its form shows, and nothing else. */
  async #shownPath(source: AssetSource): Promise<string> {
    const key = sourceKey(source);
    const jobs = (await Promise.all(this.#jobs.map(({ id }) => this.#parts.jobs.find(id)))).filter(
      job => job !== undefined,
    );
    const shown =
      this.#sources().some(each => sourceKey(each.source) === key) ||
      jobs.some(
        job =>
          job.results.includes(key) ||
          Object.values(job.request.inputs).some(each => sourceKey(each) === key),
      );
    if (source.kind !== 'file' || !shown) throw new Error('The form asked for a file that it does not show');
    return this.#files.pathOf(source.uri);
  }

  async #formJobs(): Promise<FormState['jobs']> {
    const shown: FormState['jobs'][number][] = [];
    for (const { id, row } of this.#jobs) {
      const job = await this.#parts.jobs.find(id);
      if (job) shown.push(await formJob(job, row));
    }
    return shown;
  }

  async #pushJobs(): Promise<void> {
    if (this.#ready) this.#push({ jobs: await this.#formJobs() });
  }

  #push(state: Partial<FormState>): void {
    if (this.#ready) this.#send({ type: 'state', state });
  }

  #send(message: HostMessage): void {
    // A panel that was closed meanwhile throws. Posting to a page that is hidden resolves to false; it asks for
    // everything when it is back.
    if (this.#isDisposed) return;
    void this.#panel.webview.postMessage(message);
  }

  #words(error: unknown): Message {
    if (error instanceof HumanError) return error.text;
    this.#parts.log.error(error instanceof Error ? error : String(error));
    return { key: 'error.unexpected' };
  }

  #dispose(): void {
    this.#isDisposed = true;
    this.#ready = false;
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#files.dispose().catch(error => this.#parts.log.warn(`Temporary files stayed: ${String(error)}`));
  }
}

const parseUri = (words: string): string => {
  try {
    return vscode.Uri.parse(words, true).toString();
  } catch {
    throw new HumanError('editor.notAFile');
  }
};
