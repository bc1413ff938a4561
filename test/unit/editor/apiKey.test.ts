import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { HumanError } from '../../../src/shared/message.ts';
import '../support/vscode.ts';

const { ApiKey } = await import('../../../src/editor/apiKey.ts');
const { SignIn } = await import('../../../src/editor/signIn.ts');

/** A secret store that fails the first few times it's read. */
function scene(failures: number, stored?: string) {
  let reads = 0;
  const warnings: string[] = [];
  const secrets = {
    get: () => {
      reads++;
      return reads <= failures ? Promise.reject(new Error('keychain locked')) : Promise.resolve(stored);
    },
    store: () => Promise.reject(new Error('no keychain')),
    onDidChange: () => ({ dispose() {} }),
  };
  const log = { trace() {}, info() {}, warn: (text: string) => void warnings.push(text), error() {} };
  const key = new ApiKey(secrets as never, log, [0, 0]);
  return { key, log, warnings, reads: () => reads };
}

const unreadable = (error: unknown) =>
  error instanceof HumanError &&
  error.text.key === 'editor.keyUnreadable' &&
  error.suggestedAction === 'setApiKey';

suite('the API key', () => {
  test('is undefined only when there is none', async () => {
    assert.equal(await scene(0).key.get(), undefined);
  });

  test('is read again after a brief failure of the secret store', async () => {
    const { key, warnings } = scene(2, 'mhk_live_1');
    assert.equal(await key.get(), 'mhk_live_1');
    assert.equal(warnings.length, 2);
  });

  test("isn't treated as missing when the secret store keeps failing", async () => {
    const { key } = scene(3, 'mhk_live_1');
    await assert.rejects(key.get(), unreadable);
    assert.equal(await key.get(), 'mhk_live_1', 'the next read is a new attempt');
  });

  test('is read once for several callers', async () => {
    const { key, reads } = scene(0, 'mhk_live_1');
    assert.deepEqual(await Promise.all([key.get(), key.get()]), ['mhk_live_1', 'mhk_live_1']);
    assert.equal(reads(), 1);
  });

  test("stays when it's kept for the session and another one can't be stored", async () => {
    const { key } = scene(0);
    key.setForSession('mhk_live_1');
    await assert.rejects(key.set('mhk_live_2'));
    assert.equal(await key.get(), 'mhk_live_1');
  });

  test("can be entered when it can't be read", async () => {
    const { key, log } = scene(99);
    const signIn = new SignIn(key, undefined as never, log);
    signIn.ask = () => Promise.resolve(true);
    assert.equal(await signIn.ensure(), true);
  });
});
