import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Log } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';

const secretName = 'magicHour.apiKey';

/**
 * The API key, in SecretStorage. Where that doesn't work (no keyring), `setForSession` keeps it in memory until the
 * window closes. No other code touches the secret.
 */
export class ApiKey implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #session: string | undefined;
  /**
   * The key as last read. SecretStorage needs the connection to the window, and jobs must continue in an extension host
   * that has lost it (a crashed page, a disconnected remote client).
   */
  #known: string | undefined;
  #changes = 0;
  #reading: Promise<string | undefined> | undefined;
  readonly #retryDelays: readonly number[];

  /** @param retryDelays Milliseconds before each further attempt to read SecretStorage. */
  constructor(secrets: vscode.SecretStorage, log: Log, retryDelays: readonly number[] = [200, 1_000]) {
    this.#retryDelays = retryDelays;
    this.#secrets = secrets;
    this.#log = log;
    this.#subscription = secrets.onDidChange(({ key }) => {
      if (key !== secretName) return;
      this.#forget();
      this.#changed.fire();
    });
  }

  /** A key was set, replaced or removed, in this window or another. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** undefined: there is none. @throws HumanError when SecretStorage can't be read. */
  get(): Promise<string | undefined> {
    const kept = this.#session ?? this.#known;
    if (kept !== undefined) return Promise.resolve(kept);
    this.#reading ??= this.#read().finally(() => (this.#reading = undefined));
    return this.#reading;
  }

  async #read(): Promise<string | undefined> {
    const changes = this.#changes;
    for (let attempt = 0; ; attempt++) {
      try {
        const key = await this.#secrets.get(secretName);
        if (changes === this.#changes) this.#known = key;
        return key;
      } catch (error) {
        this.#log.warn(`Couldn't read SecretStorage: ${String(error)}`);
        const delay = this.#retryDelays[attempt];
        if (delay === undefined)
          throw new HumanError('editor.keyUnreadable', undefined, {
            suggestedAction: 'setApiKey',
            cause: error,
          });
        await wait(delay);
      }
    }
  }

  /** @throws when SecretStorage doesn't work. */
  async set(key: string): Promise<void> {
    const session = this.#session;
    // Listeners are called while the key is being stored, and must get the new one.
    this.#session = undefined;
    try {
      await this.#secrets.store(secretName, key);
    } catch (error) {
      this.#session = session;
      throw error;
    }
    this.#forget();
  }

  setForSession(key: string): void {
    this.#session = key;
    this.#changed.fire();
  }

  /** @throws when a stored key can't be deleted. */
  async remove(): Promise<void> {
    this.#session = undefined;
    this.#forget();
    try {
      await this.#secrets.delete(secretName);
      this.#forget();
    } catch (error) {
      // If SecretStorage doesn't work at all, there's no stored key to delete.
      if ((await this.get().catch(() => undefined)) !== undefined) throw error;
    } finally {
      this.#changed.fire();
    }
  }

  /** Invalidates a read in progress, too. */
  #forget(): void {
    this.#known = undefined;
    this.#reading = undefined;
    this.#changes++;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
