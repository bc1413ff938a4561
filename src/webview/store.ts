import {
  type AssetLookup,
  type CheckedDraft,
  checkDraft,
  type Draft,
  type DraftProblem,
  type DraftRow,
} from '../shared/draft.ts';
import type { AssetSource } from '../shared/asset.ts';
import type { Message } from '../shared/message.ts';
import { type AssetView, type FormState, type SavedForm, sourceKey } from '../shared/protocol.ts';
import type { Tool } from '../tools/tool.ts';
import { toolOf } from '../tools/index.ts';
import { mergeDraft } from './merge.ts';
import { type Prefilled, prefillClips } from './prefill.ts';
import { type Words, wordsOf } from './words.ts';

/** Everything a section needs to show itself, of one moment. */
export interface View {
  readonly host: FormState;
  readonly draft: Draft;
  readonly tool: Tool;
  readonly checked: CheckedDraft;
  readonly words: Words;
  /** The longest clip in seconds for what is chosen. */
  readonly clipLimit: number | undefined;
  readonly submitting: boolean;
  /** A failure that belongs to no control. */
  readonly notice: Message | undefined;
  /** Mistakes that belong to no control of the page, such as a folder that cannot be written. */
  readonly strayProblems: readonly Message[];
  asset(source: AssetSource | undefined): AssetView | undefined;
  /** The mistake to show at a control now: not while it is being typed for the first time. */
  problem(control: string, row?: string): Message | undefined;
  /** The mistake at a control, shown or not. */
  hiddenProblem(control: string, row?: string): Message | undefined;
}

export interface StoreEffects {
  /** Sends the draft to the host; resolves once the host has it. */
  send(draft: Draft): Promise<void>;
  save(saved: SavedForm): void;
  /** Calls back after the given milliseconds; returns how to call it off. */
  later(milliseconds: number, callback: () => void): () => void;
}

/** Milliseconds without a change before a draft goes to the host. */
const sendDelay = 150;
/** Milliseconds after which a host that has not answered is taken for gone. It answers a draft at once. */
const silentAfter = 10_000;
const silent: Message = { key: 'form.hostSilent' };

const controlKey = (control: string, row?: string) => `${row ?? ''}\n${control}`;

/** The form's state: the host's, what is typed, and what was touched. Sections listen and edit, nothing else does. */
export class Store {
  readonly #effects: StoreEffects;
  readonly #listeners = new Set<() => void>();
  readonly #touched = new Set<string>();
  #editing: string | undefined;
  #host: FormState;
  #draft: Draft;
  #prefilled: Prefilled = new Map();
  #submitProblems: readonly DraftProblem[] = [];
  #attempted = false;
  #submitting = false;
  #notice: Message | undefined;
  #view: View | undefined;
  #words: Words;
  #cancelSend: (() => void) | undefined;
  #unanswered = 0;

  constructor(host: FormState, saved: SavedForm | undefined, effects: StoreEffects) {
    this.#effects = effects;
    this.#host = host;
    this.#words = wordsOf(host.locale, host.strings);
    this.#draft = withRow(saved?.unsent ? mergeDraft(saved.draft, host.draft) : host.draft);
    this.#prefill();
    if (this.#draft !== host.draft) this.#scheduleSend();
  }

  get view(): View {
    return (this.#view ??= this.#look());
  }

  onChange(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  receive(state: Partial<FormState>): void {
    const before = this.#host;
    this.#host = { ...before, ...state };
    if (state.strings || state.locale) this.#words = wordsOf(this.#host.locale, this.#host.strings);
    if (state.draft) {
      if (state.draft.tool !== this.#draft.tool) this.#forget();
      this.#draft = withRow(this.#isUnsent ? mergeDraft(this.#draft, state.draft) : state.draft);
    }
    if (state.jobs && before.jobs.length > 0 !== state.jobs.length > 0) this.#forget();
    this.#prefill();
    this.#changed();
  }

  /** Changes what is typed or chosen. `now`: rows or inputs changed, which the host must know before anything else. */
  edit(change: (draft: Draft) => Draft, now = false): void {
    const next = change(this.#draft);
    if (next === this.#draft) return;
    this.#draft = next;
    this.#prefill();
    this.#scheduleSend();
    if (now) void this.flush();
    this.#changed();
  }

  editRow(id: string, change: (row: DraftRow) => DraftRow, now = false): void {
    this.#forgetSubmitProblems(problem => problem.row !== id);
    this.edit(draft => ({ ...draft, rows: draft.rows.map(row => (row.id === id ? change(row) : row)) }), now);
  }

  setValue(field: string, value: string): void {
    this.#forgetSubmitProblems(problem => problem.control !== field);
    this.edit(draft => ({ ...draft, values: { ...draft.values, [field]: value } }));
  }

  /** The control has the focus: its mistakes wait until it is left. */
  enter(control: string, row?: string): void {
    this.#editing = controlKey(control, row);
  }

  leave(control: string, row?: string): void {
    this.#editing = undefined;
    this.#touched.add(controlKey(control, row));
    this.#changed();
  }

  /** From now on every mistake is shown. */
  attempt(): void {
    this.#attempted = true;
    this.#changed();
  }

  setSubmitting(submitting: boolean): void {
    this.#submitting = submitting;
    this.#changed();
  }

  refuse(problems: readonly DraftProblem[]): void {
    this.#submitProblems = problems;
    this.#attempted = true;
    this.#changed();
  }

  notify(message: Message | undefined): void {
    this.#notice = message;
    this.#changed();
  }

  /**
   * Sends what the host has not seen; with `anyway`, also to see whether the host is still there. VS Code leaves a page
   * open whose extension host has died, and tells it nothing.
   */
  async flush(anyway = false): Promise<void> {
    if (!this.#cancelSend && (!anyway || this.#unanswered > 0)) return;
    this.#cancelSend?.();
    this.#cancelSend = undefined;
    this.#unanswered++;
    const stopWaiting = this.#effects.later(silentAfter, () => {
      this.#submitting = false;
      this.notify(silent);
    });
    try {
      await this.#effects.send(this.#draft);
      if (this.#notice === silent) this.notify(undefined);
    } finally {
      stopWaiting();
      this.#unanswered--;
      this.#save();
    }
  }

  /** Somebody looks at what only the host can move on. */
  get isWaiting(): boolean {
    return this.#submitting || this.#host.jobs.length > 0;
  }

  get #isUnsent(): boolean {
    return this.#cancelSend !== undefined || this.#unanswered > 0;
  }

  #scheduleSend(): void {
    this.#cancelSend?.();
    this.#cancelSend = this.#effects.later(sendDelay, () => void this.flush());
  }

  #save(): void {
    this.#effects.save({
      draft: this.#draft,
      unsent: this.#isUnsent,
      jobs: this.#host.jobs.map(({ id, row }) => ({ id, row })),
    });
  }

  #changed(): void {
    this.#view = undefined;
    this.#save();
    for (const listener of this.#listeners) listener();
  }

  #forget(): void {
    this.#touched.clear();
    this.#attempted = false;
    this.#submitProblems = [];
    this.#notice = undefined;
  }

  #forgetSubmitProblems(keep: (problem: DraftProblem) => boolean): void {
    this.#submitProblems = this.#submitProblems.filter(keep);
  }

  #prefill(): void {
    const tool = toolOf(this.#draft.tool);
    const filled = prefillClips(tool, this.#draft, this.#lookup, this.#prefilled);
    this.#prefilled = filled.prefilled;
    if (filled.draft === this.#draft) return;
    this.#draft = filled.draft;
    this.#scheduleSend();
  }

  readonly #lookup: AssetLookup = source => {
    const asset = this.#host.assets[sourceKey(source)];
    if (asset?.status === 'ready') return asset.info && { info: asset.info };
    return asset?.status === 'problem' ? { problem: asset.message } : undefined;
  };

  #look(): View {
    const host = this.#host;
    const draft = this.#draft;
    const tool = toolOf(draft.tool);
    const checked = checkDraft(tool, draft, this.#lookup);
    const all = [...this.#submitProblems, ...host.problems, ...checked.problems];
    const told = new Set([...this.#submitProblems, ...host.problems]);
    const find = (control: string, row?: string) =>
      all.find(problem => problem.control === control && problem.row === row);
    return {
      host,
      draft,
      tool,
      checked,
      words: this.#words,
      clipLimit: tool.clip?.limitSeconds(checked.values),
      submitting: this.#submitting,
      notice: this.#notice,
      strayProblems: all.filter(problem => !hasControl(tool, problem)).map(({ message }) => message),
      asset: source => source && host.assets[sourceKey(source)],
      hiddenProblem: (control, row) => find(control, row)?.message,
      problem: (control, row) => {
        const problem = find(control, row);
        if (!problem || awaitsInput(tool, draft, problem)) return undefined;
        const key = controlKey(control, row);
        const shown =
          this.#attempted ||
          told.has(problem) ||
          this.#touched.has(key) ||
          (this.#editing !== key && isFilled(draft, problem));
        return shown ? problem.message : undefined;
      },
    };
  }
}

/** There is something at the control that can be wrong, other than its being empty. */
function isFilled(draft: Draft, { control, row: id }: DraftProblem): boolean {
  const row = draft.rows.find(candidate => candidate.id === id);
  if (!row) return (draft.values[control] ?? '') !== '';
  if (control === 'start' || control === 'end') return row[control] !== '';
  return row.inputs[control] !== undefined;
}

/** Without a recording, empty times are no mistake of their own: the missing recording is told. */
function awaitsInput(tool: Tool, draft: Draft, problem: DraftProblem): boolean {
  if (!tool.clip || (problem.control !== 'start' && problem.control !== 'end')) return false;
  const row = draft.rows.find(({ id }) => id === problem.row);
  return row !== undefined && row[problem.control] === '' && !row.inputs[tool.clip.input];
}

function hasControl(tool: Tool, { control }: DraftProblem): boolean {
  const clip = tool.clip ? ['start', 'end'] : [];
  return [...tool.inputs.map(({ id }) => id), ...tool.fields.map(({ id }) => id), ...clip].includes(control);
}

let lastRow = 0;
/** A row to fill in. Its id is unique also beside those that an earlier page made. */
export const newRow = (): DraftRow => ({
  id: `row-${Date.now().toString(36)}-${++lastRow}`,
  inputs: {},
  start: '',
  end: '',
});

/** There is always a row to fill in. */
const withRow = (draft: Draft): Draft => (draft.rows.length > 0 ? draft : { ...draft, rows: [newRow()] });
