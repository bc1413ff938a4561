import * as vscode from 'vscode';
import type { Log } from '../jobs/ports.ts';

const secretName = 'magicHour.apiKey';

/**
 * The API key, in SecretStorage. Where that fails (no keyring), `set` throws and `setForSession` keeps the key in
 * memory until the window closes. No other code touches the secret.
 */
export class ApiKey implements vscode.Disposable {
  readonly #secrets: vscode.SecretStorage;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #session: string | undefined;
  /**
   * What was read last. Only the window can read the secret, and an extension host may outlive its window's connection
   * (a page that crashed, a remote client that went away): its jobs go on with this.
   */
  #known: string | undefined;
  #changes = 0;

  constructor(secrets: vscode.SecretStorage, log: Log) {
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

  async get(): Promise<string | undefined> {
    const kept = this.#session ?? this.#known;
    if (kept !== undefined) return kept;
    const changes = this.#changes;
    try {
      const key = await this.#secrets.get(secretName);
      if (changes === this.#changes) this.#known = key;
      return key;
    } catch (error) {
      this.#log.warn(`SecretStorage could not be read: ${String(error)}`);
      return undefined;
    }
  }

  /** @throws when SecretStorage does not work here. */
  async set(key: string): Promise<void> {
    this.#session = undefined;
    await this.#secrets.store(secretName, key);
    this.#forget();
  }

  setForSession(key: string): void {
    this.#session = key;
    this.#changed.fire();
  }

  /** @throws when a stored key cannot be deleted. */
  async remove(): Promise<void> {
    this.#session = undefined;
    this.#forget();
    try {
      await this.#secrets.delete(secretName);
      this.#forget();
    } catch (error) {
      // Where nothing can be stored, nothing is left behind.
      if ((await this.get()) !== undefined) throw error;
    } finally {
      this.#changed.fire();
    }
  }

  /** Also what is being read just now. */
  #forget(): void {
    this.#known = undefined;
    this.#changes++;
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
