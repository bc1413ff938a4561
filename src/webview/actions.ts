import type { AssetSource } from '../shared/asset.ts';
import type { JobAction } from '../shared/jobAction.ts';
import type { SuggestedAction } from '../shared/message.ts';

import { type Ask, HostError } from './channel.ts';
import { newRow } from './rows.ts';
import type { Store } from './store.ts';

/** Sends the page's requests to the host and shows failures. */
export class Actions {
  readonly ask: Ask;
  readonly #store: Store;

  constructor(ask: Ask, store: Store) {
    this.ask = ask;
    this.#store = store;
  }

  /** If `row` is empty, adds rows for the chosen files. */
  chooseFile(row: string, input: string): Promise<boolean> {
    return this.#afterDraft(() => this.ask({ type: 'chooseFile', row, input }));
  }

  dropUris(row: string, input: string, uris: string[]): Promise<boolean> {
    return this.#afterDraft(() => this.ask({ type: 'dropUris', row, input, uris }));
  }

  async dropFile(row: string, input: string, file: File): Promise<void> {
    const { name } = file;
    // A dropped folder is also a `File`, but reading it fails.
    const buffer = await file.arrayBuffer().catch(() => undefined);
    if (!buffer) return this.#store.notify({ key: 'form.dropUnreadable', args: { name } });
    const bytes = new Uint8Array(buffer);
    await this.#afterDraft(() => this.ask({ type: 'dropFile', row, input, name, bytes }));
  }

  setInput(row: string, input: string, source: AssetSource | undefined): void {
    this.#store.editRow(
      row,
      before => {
        const inputs = { ...before.inputs };
        if (source) inputs[input] = source;
        else delete inputs[input];
        const clears = !source && this.#store.view.tool.clip?.input === input;
        return { ...before, inputs, ...(clears && { start: '', end: '' }) };
      },
      true,
    );
  }

  addRow(): string {
    const row = newRow();
    this.#store.edit(draft => ({ ...draft, rows: [...draft.rows, row] }), true);
    return row.id;
  }

  removeRow(id: string): void {
    this.#store.edit(draft => {
      const rows = draft.rows.filter(row => row.id !== id);
      return { ...draft, rows: rows.length > 0 ? rows : [newRow()] };
    }, true);
  }

  /** Resolves to whether the host accepted the draft. */
  async submit(): Promise<boolean> {
    const { draft, checked, submitting } = this.#store.view;
    if (submitting) return false;
    this.#store.notify(undefined);
    this.#store.setSubmitting(true);
    let accepted = false;
    await this.#try(async () => {
      await this.#store.flush();
      const reply = await this.ask({ type: 'submit', draft, credits: checked.price.credits });
      accepted = reply.accepted;
      if (!reply.accepted) this.#store.rejectSubmit(reply.problems);
    });
    this.#store.setSubmitting(false);
    return accepted;
  }

  job(job: string, action: JobAction, index = 0): Promise<boolean> {
    return this.#try(() => this.ask({ type: 'job', job, action, index }));
  }

  answer(job: string, answer: 'created' | 'createAgain' | 'dismiss'): Promise<boolean> {
    return this.#try(() => this.ask({ type: 'job', job, action: 'answer', index: 0, answer }));
  }

  suggestedAction(suggestedAction: SuggestedAction): Promise<boolean> {
    return this.#try(() => this.ask({ type: 'suggestedAction', suggestedAction }));
  }

  createAnother(): Promise<boolean> {
    return this.#try(() => this.ask({ type: 'createAnother' }));
  }

  savePreset(name: string): Promise<boolean> {
    const values = { ...this.#store.view.draft.values };
    return this.#try(() => this.ask({ type: 'savePreset', name, values }));
  }

  deletePreset(name: string): Promise<boolean> {
    return this.#try(() => this.ask({ type: 'deletePreset', name }));
  }

  /** Sends the draft first, because the host must know the rows before it changes them. */
  #afterDraft(action: () => Promise<void>): Promise<boolean> {
    return this.#try(async () => {
      await this.#store.flush();
      await action();
    });
  }

  /** Resolves to whether `action` succeeded. */
  async #try(action: () => Promise<void>): Promise<boolean> {
    try {
      await action();
      return true;
    } catch (error) {
      this.#store.notify(error instanceof HostError ? error.text : { key: 'error.unexpected' });
      if (!(error instanceof HostError)) throw error;
      return false;
    }
  }
}
