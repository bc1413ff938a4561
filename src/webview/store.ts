import type { Draft, DraftProblem, DraftRow } from '../shared/draft.ts';
import type { Message } from '../shared/message.ts';
import type { FormState, SavedForm } from '../shared/protocol.ts';
import { toolOf } from '../tools/index.ts';
import { createFormatter, type Formatter } from './formatter.ts';
import { mergeDraft } from './merge.ts';
import { type Prefilled, prefillClips } from './prefill.ts';
import { withRow } from './rows.ts';
import { controlKey, lookupIn, type View, viewOf } from './view.ts';

export interface StoreEffects {
  /** Sends the draft to the host. Resolves once the host has received it. */
  send(draft: Draft): Promise<void>;
  save(saved: SavedForm): void;
  /** Calls `callback` after the given number of milliseconds. Returns a function that cancels the call. */
  later(milliseconds: number, callback: () => void): () => void;
}

/** Milliseconds without a change before the draft is sent to the host. */
const sendDelay = 150;
/** Milliseconds without a response after which the host is considered gone. Normally, it responds immediately. */
const responseTimeout = 10_000;
const hostSilent: Message = { key: 'form.hostSilent' };

/** The form's state: the host's data, the user's draft, and the controls the user has touched. */
export class Store {
  readonly #effects: StoreEffects;
  #listener: (() => void) | undefined;
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
  #formatter: Formatter;
  #cancelSend: (() => void) | undefined;
  #pendingSends = 0;

  constructor(host: FormState, saved: SavedForm | undefined, effects: StoreEffects) {
    this.#effects = effects;
    this.#host = host;
    this.#formatter = createFormatter(host.locale, host.strings);
    this.#draft = withRow(saved?.unsent ? mergeDraft(saved.draft, host.draft) : host.draft);
    this.#prefill();
    if (this.#draft !== host.draft) this.#scheduleSend();
  }

  get view(): View {
    return (this.#view ??= viewOf({
      host: this.#host,
      draft: this.#draft,
      formatter: this.#formatter,
      submitting: this.#submitting,
      notice: this.#notice,
      submitProblems: this.#submitProblems,
      attempted: this.#attempted,
      touched: this.#touched,
      editing: this.#editing,
    }));
  }

  onChange(listener: () => void): void {
    this.#listener = listener;
  }

  receive(state: Partial<FormState>): void {
    const before = this.#host;
    this.#host = { ...before, ...state };
    if (state.strings || state.locale)
      this.#formatter = createFormatter(this.#host.locale, this.#host.strings);
    if (state.draft) {
      if (state.draft.tool !== this.#draft.tool) this.#resetProblems();
      const isUnsent = this.#isUnsent;
      this.#draft = withRow(isUnsent ? mergeDraft(this.#draft, state.draft) : state.draft);
      // A draft already on its way lacks the host's changes and would overwrite them, so send the merged one.
      if (isUnsent) this.#scheduleSend();
    }
    if (state.jobs && before.jobs.length > 0 !== state.jobs.length > 0) this.#resetProblems();
    this.#prefill();
    this.#changed();
  }

  /**
   * Changes the draft. If `now` is true, sends the draft immediately. Use it for changed rows or inputs, which the host
   * must know about.
   */
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
    this.#keepSubmitProblems(problem => problem.row !== id);
    this.edit(draft => ({ ...draft, rows: draft.rows.map(row => (row.id === id ? change(row) : row)) }), now);
  }

  setValue(field: string, value: string): void {
    this.#keepSubmitProblems(problem => problem.control !== field);
    this.edit(draft => ({ ...draft, values: { ...draft.values, [field]: value } }));
  }

  /** Called when a control gets focus. Its problems are shown once focus moves away. */
  controlFocused(control: string, row?: string): void {
    this.#editing = controlKey(control, row);
    this.#view = undefined;
  }

  controlBlurred(control: string, row?: string): void {
    this.#editing = undefined;
    this.#touched.add(controlKey(control, row));
    this.#changed();
  }

  /** Shows every problem from now on. */
  showAllProblems(): void {
    this.#attempted = true;
    this.#changed();
  }

  setSubmitting(submitting: boolean): void {
    this.#submitting = submitting;
    this.#changed();
  }

  rejectSubmit(problems: readonly DraftProblem[]): void {
    this.#submitProblems = problems;
    this.#attempted = true;
    this.#changed();
  }

  notify(message: Message | undefined): void {
    this.#notice = message;
    this.#changed();
  }

  /**
   * Sends changes that the host hasn't received yet. With `anyway`, sends the draft even if it's unchanged, to check
   * that the host is still alive, because VS Code doesn't tell a page that its extension host has died.
   */
  async flush(anyway = false): Promise<void> {
    if (!this.#cancelSend && (!anyway || this.#pendingSends > 0)) return;
    this.#cancelSend?.();
    this.#cancelSend = undefined;
    this.#pendingSends++;
    const stopWaiting = this.#effects.later(responseTimeout, () => {
      this.#submitting = false;
      this.notify(hostSilent);
    });
    try {
      await this.#effects.send(this.#draft);
      if (this.#notice === hostSilent) this.notify(undefined);
    } finally {
      stopWaiting();
      this.#pendingSends--;
      this.#save();
    }
  }

  /** Whether the page is waiting for something that only the host can change. */
  get isWaiting(): boolean {
    return this.#submitting || this.#host.jobs.length > 0;
  }

  get #isUnsent(): boolean {
    return this.#cancelSend !== undefined || this.#pendingSends > 0;
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
    this.#listener?.();
  }

  #resetProblems(): void {
    this.#touched.clear();
    this.#attempted = false;
    this.#submitProblems = [];
    this.#notice = undefined;
  }

  #keepSubmitProblems(keep: (problem: DraftProblem) => boolean): void {
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
