import { setTimeout as wait } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Log } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';

const secretName = 'magicHour.apiKey';

/**
 * Stores the API key in SecretStorage. If SecretStorage doesn't work (for example, without a keyring), `setForSession`
 * keeps the key in memory until the window closes. No other code accesses the stored key.
 */
export class ApiKey implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #session: string | undefined;
  /**
   * The most recently read key. SecretStorage needs a connection to the window, but jobs must continue if the extension
   * host loses that connection, such as when the page crashes or a remote client disconnects.
   */
  #known: string | undefined;
  #changes = 0;
  #reading: Promise<string | undefined> | undefined;
  readonly #retryDelays: readonly number[];

  /** @param retryDelays The delay in milliseconds before each retry of reading SecretStorage. */
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

  /** Fires when a key is set, replaced, or removed in any window. */
  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** Resolves to undefined if there is no key. @throws HumanError if SecretStorage can't be read. */
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

  /** @throws if SecretStorage doesn't work. */
  async set(key: string): Promise<void> {
    const session = this.#session;
    // Listeners are called while the new key is being stored, and they must get that key instead of the session key.
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

  /** @throws if a stored key can't be deleted. */
  async remove(): Promise<void> {
    this.#session = undefined;
    this.#forget();
    try {
      await this.#secrets.delete(secretName);
      this.#forget();
    } catch (error) {
      // If SecretStorage doesn't work, there's no stored key to delete.
      if ((await this.get().catch(() => undefined)) !== undefined) throw error;
    } finally {
      this.#changed.fire();
    }
  }

  /** Clears the cached key and invalidates any read in progress. */
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
