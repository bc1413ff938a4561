import * as vscode from 'vscode';
import { ApiError } from '../api/errors.ts';
import type { Log } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';
import type { ApiKey } from './apiKey.ts';
import type { Connection } from './connection.ts';
import { links } from './links.ts';
import { text, translate } from './translate.ts';

/** Asks for the API key, checks it, and stores it. */
export class SignIn {
  readonly #key: ApiKey;
  readonly #connection: Connection;
  readonly #log: Log;
  #asking: Promise<boolean> | undefined;

  constructor(key: ApiKey, connection: Connection, log: Log) {
    this.#key = key;
    this.#connection = connection;
    this.#log = log;
  }

  /** Asks for a key if it's missing or can't be read. Resolves to true if there's a key afterward. */
  async ensure(): Promise<boolean> {
    const key = await this.#key.get().catch(() => undefined);
    return key !== undefined || this.ask();
  }

  /** Asks for a key. Resolves to true if one was entered and stored. Concurrent callers share one prompt. */
  ask(): Promise<boolean> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #ask(): Promise<boolean> {
    const key = await this.#enter();
    if (key === undefined) return false;
    try {
      await this.#key.set(key);
    } catch (error) {
      this.#log.warn(`Couldn't write to SecretStorage: ${String(error)}`);
      const session = text('editor.keepForSession');
      const choice = await vscode.window.showWarningMessage(
        text('editor.noKeyring'),
        { modal: true },
        session,
      );
      if (choice !== session) return false;
      this.#key.setForSession(key);
    }
    return true;
  }

  #enter(): Promise<string | undefined> {
    const box = vscode.window.createInputBox();
    const getKey: vscode.QuickInputButton = {
      iconPath: new vscode.ThemeIcon('link-external'),
      tooltip: text('editor.getKey'),
    };
    box.title = text('editor.keyTitle');
    box.prompt = text('editor.keyPrompt');
    box.placeholder = 'mhk_live_…';
    box.password = true;
    box.ignoreFocusOut = true;
    box.buttons = [getKey];
    const abort = new AbortController();
    return new Promise<string | undefined>(resolve => {
      box.onDidTriggerButton(() => void vscode.env.openExternal(vscode.Uri.parse(links.apiKeys)));
      box.onDidChangeValue(() => (box.validationMessage = undefined));
      box.onDidHide(() => resolve(undefined));
      box.onDidAccept(async () => {
        if (box.busy) return;
        const key = box.value.trim();
        box.busy = true;
        box.enabled = false;
        const problem = await this.#check(key, abort.signal);
        box.busy = false;
        box.enabled = true;
        if (problem === undefined) resolve(key);
        else box.validationMessage = problem;
      });
      box.show();
    }).finally(() => {
      abort.abort();
      box.dispose();
    });
  }

  /** Returns a message if the key is rejected or can't be checked. Returns undefined if it may be valid. */
  async #check(key: string, signal: AbortSignal): Promise<string | undefined> {
    if (key === '') return text('editor.keyEmpty');
    if (!/^[\x21-\x7e]{4,500}$/.test(key)) return text('editor.keyCharacters');
    try {
      const api = this.#connection.clientWith(key);
      try {
        await api.account({ signal });
      } finally {
        await api.dispose();
      }
      return undefined;
    } catch (error) {
      if (error instanceof ApiError && error.details.status === 401) return text('editor.keyRefused');
      if (error instanceof HumanError) return translate(error.text);
      this.#log.error(error instanceof Error ? error : String(error));
      return text('error.unexpected');
    }
  }
}
