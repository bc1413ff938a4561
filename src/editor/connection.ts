import * as vscode from 'vscode';
import { createApi } from '../api/client.ts';
import type { MagicHourApi } from '../api/types.ts';
import type { Log } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';
import type { ApiKey } from './apiKey.ts';
import { networkSettings } from './networkSettings.ts';
import { settings } from './settings.ts';

/** Provides the API client for the current key and URL. If either changes, the next request uses a new client. */
export class Connection implements vscode.Disposable {
  readonly #key: ApiKey;
  readonly #log: Log;
  readonly #userAgent: string;
  readonly #subscriptions: vscode.Disposable;
  #current: { readonly key: string; readonly api: MagicHourApi } | undefined;

  constructor(key: ApiKey, log: Log, version: string) {
    this.#key = key;
    this.#log = log;
    this.#userAgent = `magic-hour-vscode/${version}`;
    this.#subscriptions = vscode.Disposable.from(
      key.onDidChange(() => this.#drop()),
      vscode.workspace.onDidChangeConfiguration(event => {
        if (event.affectsConfiguration('magicHour.apiUrl')) this.#drop();
      }),
    );
  }

  /** @throws HumanError if there is no key or `magicHour.apiUrl` is invalid. */
  async client(): Promise<MagicHourApi> {
    const key = await this.#key.get();
    if (!key) throw new HumanError('editor.keyMissing', undefined, { suggestedAction: 'setApiKey' });
    if (this.#current?.key !== key) {
      this.#drop();
      this.#current = { key, api: this.clientWith(key) };
    }
    return this.#current.api;
  }

  /** Creates a client for a key that isn't stored yet. The caller must dispose of the client. */
  clientWith(key: string): MagicHourApi {
    return createApi({
      apiUrl: settings.apiUrl.value,
      key,
      network: networkSettings,
      userAgent: this.#userAgent,
      log: this.#log,
    });
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.#drop();
  }

  /** Discards the current client. Its sockets close when the requests in progress have finished. */
  #drop(): void {
    const dropped = this.#current?.api;
    this.#current = undefined;
    void dropped?.dispose().catch(error => this.#log.warn(`Couldn't close connections: ${String(error)}`));
  }
}
