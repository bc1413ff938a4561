import type { AssetSource } from '../shared/asset.ts';
import type { PageRequest } from '../shared/protocol.ts';
import { type Ask, HostRefusal } from './channel.ts';
import { newRow } from './rows.ts';
import type { Store } from './store.ts';

type JobAct = Extract<PageRequest, { type: 'job' }>['act'];
type RemedyName = Extract<PageRequest, { type: 'suggestedAction' }>['suggestedAction'];

/** What a person can set off that goes beyond the page. A refusal is shown, never lost. */
export class Actions {
  readonly ask: Ask;
  readonly #store: Store;

  constructor(ask: Ask, store: Store) {
    this.ask = ask;
    this.#store = store;
  }

  /** An empty `row` adds rows. */
  chooseFile(row: string, input: string): Promise<void> {
    return this.#afterDraft(() => this.ask({ type: 'chooseFile', row, input }));
  }

  dropUris(row: string, input: string, uris: string[]): Promise<void> {
    return this.#afterDraft(() => this.ask({ type: 'dropUris', row, input, uris }));
  }

  async dropFile(row: string, input: string, file: File): Promise<void> {
    await this.#afterDraft(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      await this.ask({ type: 'dropFile', row, input, name: file.name, bytes });
    });
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

  /** Resolves with whether the host took it. */
  async submit(): Promise<boolean> {
    const { draft, submitting } = this.#store.view;
    if (submitting) return false;
    this.#store.notify(undefined);
    this.#store.setSubmitting(true);
    let accepted = false;
    await this.#try(async () => {
      await this.#store.flush();
      const reply = await this.ask({ type: 'submit', draft });
      accepted = reply.accepted;
      if (!reply.accepted) this.#store.refuse(reply.problems);
    });
    this.#store.setSubmitting(false);
    return accepted;
  }

  job(job: string, act: JobAct, index = 0): Promise<void> {
    return this.#try(() => this.ask({ type: 'job', job, act, index }));
  }

  answer(job: string, answer: 'made' | 'createAgain' | 'giveUp'): Promise<void> {
    return this.#try(() => this.ask({ type: 'job', job, act: 'answer', index: 0, answer }));
  }

  suggestedAction(suggestedAction: RemedyName, job?: string): Promise<void> {
    return this.#try(() =>
      this.ask({ type: 'suggestedAction', suggestedAction, ...(job !== undefined && { job }) }),
    );
  }

  createAnother(): Promise<void> {
    return this.#try(() => this.ask({ type: 'createAnother' }));
  }

  savePreset(name: string): Promise<void> {
    const values = { ...this.#store.view.draft.values };
    return this.#try(() => this.ask({ type: 'savePreset', name, values }));
  }

  deletePreset(name: string): Promise<void> {
    return this.#try(() => this.ask({ type: 'deletePreset', name }));
  }

  /** The host must know the rows before it changes them. */
  #afterDraft(act: () => Promise<void>): Promise<void> {
    return this.#try(async () => {
      await this.#store.flush();
      await act();
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#store.notify(error instanceof HostRefusal ? error.text : { key: 'error.unexpected' });
      if (!(error instanceof HostRefusal)) throw error;
    }
  }
}
