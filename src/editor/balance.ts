import * as vscode from 'vscode';
import type { Log } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';
import type { AccountView } from '../shared/protocol.ts';
import type { ApiKey } from './apiKey.ts';
import type { Connection } from './connection.ts';

const isUnreachable = (error: unknown): boolean =>
  error instanceof HumanError && /^api\.(network|proxy)\./.test(error.text.key);

/**
 * The account's last known credit balance. It's read when a form opens, when the user returns to a form, and after
 * jobs, but never on a timer.
 */
export class Balance implements vscode.Disposable {
  readonly #key: ApiKey;
  readonly #connection: Connection;
  readonly #log: Log;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscription: vscode.Disposable;
  #account: AccountView = { hasKey: false };
  #reachable = true;
  #asking: Promise<void> | undefined;

  constructor(key: ApiKey, connection: Connection, log: Log) {
    this.#key = key;
    this.#connection = connection;
    this.#log = log;
    this.#subscription = key.onDidChange(() => {
      this.#asking = undefined;
      void this.refresh();
    });
  }

  get account(): AccountView {
    return this.#account;
  }

  /** False if the last request didn't reach Magic Hour. */
  get reachable(): boolean {
    return this.#reachable;
  }

  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** Never rejects, because everything else works without a balance. */
  refresh(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<void> {
    try {
      const key = await this.#key.get();
      if (!key) return this.#set({ hasKey: false }, true);
      const account = await (await this.#connection.client()).account();
      if ((await this.#key.get()) === key)
        this.#set({ hasKey: true, ...(account && { credits: account.credits, plan: account.tier }) }, true);
    } catch (error) {
      this.#log.info(`Couldn't get the balance: ${String(error)}`);
      this.#set({ hasKey: true }, !isUnreachable(error));
    }
  }

  #set(account: AccountView, reachable: boolean): void {
    const before = this.#account;
    const changed =
      before.hasKey !== account.hasKey ||
      before.credits !== account.credits ||
      before.plan !== account.plan ||
      this.#reachable !== reachable;
    this.#account = account;
    this.#reachable = reachable;
    if (changed) this.#changed.fire();
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
