import type { Draft, DraftProblem, DraftRow } from '../shared/draft.ts';
import type { Message } from '../shared/message.ts';
import type { FormState, SavedForm } from '../shared/protocol.ts';
import { toolOf } from '../tools/index.ts';
import { mergeDraft } from './merge.ts';
import { type Prefilled, prefillClips } from './prefill.ts';
import { withRow } from './rows.ts';
import { controlKey, lookupIn, type View, viewOf } from './view.ts';
import { type Words, wordsOf } from './words.ts';

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
    return (this.#view ??= viewOf({
      host: this.#host,
      draft: this.#draft,
      words: this.#words,
      submitting: this.#submitting,
      notice: this.#notice,
      submitProblems: this.#submitProblems,
      attempted: this.#attempted,
      touched: this.#touched,
      editing: this.#editing,
    }));
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
    this.#view = undefined;
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
    const filled = prefillClips(tool, this.#draft, lookupIn(this.#host), this.#prefilled);
    this.#prefilled = filled.prefilled;
    if (filled.draft === this.#draft) return;
    this.#draft = filled.draft;
    this.#scheduleSend();
  }
}
