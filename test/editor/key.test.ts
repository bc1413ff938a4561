import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { ApiKey } from '../../src/editor/apiKey.ts';
import { Connection } from '../../src/editor/connection.ts';
import { SignIn } from '../../src/editor/signIn.ts';
import { control, key, signedIn } from './support/extension.ts';

/** Simulates a machine without a keyring. */
const brokenSecrets: vscode.SecretStorage = {
  onDidChange: new vscode.EventEmitter<vscode.SecretStorageChangeEvent>().event,
  keys: () => Promise.reject(new Error('no keyring')),
  get: () => Promise.reject(new Error('no keyring')),
  store: () => Promise.reject(new Error('no keyring')),
  delete: () => Promise.reject(new Error('no keyring')),
};

describe('The API key', () => {
  const warnings: string[] = [];
  const log = { trace() {}, info() {}, warn: (words: string) => void warnings.push(words), error() {} };

  it('can be kept for the session without a keyring', async () => {
    await signedIn();
    const asked: string[] = [];
    const { createInputBox, showWarningMessage } = vscode.window;
    Object.assign(vscode.window, {
      createInputBox: () => boxAnswering(key),
      showWarningMessage: (words: string, _options: unknown, choice: string) => {
        asked.push(words);
        return Promise.resolve(choice);
      },
    });
    const apiKey = new ApiKey(brokenSecrets, log);
    const connection = new Connection(apiKey, log, '0.0.0');
    try {
      await assert.rejects(apiKey.get(), /keyUnreadable/);
      assert.equal(await new SignIn(apiKey, connection, log).ask(), true);
      assert.match(asked[0] ?? '', /secret store isn’t available/);
      assert.equal(await apiKey.get(), key);
      await (await connection.client()).account();
      assert.ok((await control.requests).length >= 1);
      await apiKey.remove();
      await assert.rejects(apiKey.get(), /keyUnreadable/);
      assert.ok(warnings.length > 0);
      assert.ok(!warnings.join().includes(key));
    } finally {
      Object.assign(vscode.window, { createInputBox, showWarningMessage });
      connection.dispose();
      apiKey.dispose();
    }
  });
});

/** A fake input box that accepts this value as soon as it's shown. */
function boxAnswering(value: string): object {
  const nothing = () => new vscode.Disposable(() => undefined);
  let accept: (() => unknown) | undefined;
  return {
    value,
    onDidTriggerButton: nothing,
    onDidChangeValue: nothing,
    onDidHide: nothing,
    onDidAccept: (listener: () => unknown) => {
      accept = listener;
      return nothing();
    },
    show: () => void accept?.(),
    dispose: nothing,
  };
}
