import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FormState } from '../../../src/shared/protocol.ts';
import { strings } from '../../../src/shared/strings/index.ts';
import { Actions } from '../../../src/webview/actions.ts';
import type { Ask } from '../../../src/webview/channel.ts';
import { Store } from '../../../src/webview/store.ts';

test('a folder or unreadable file that is dropped gets a message, and the next file is added', async () => {
  const state: FormState = {
    locale: 'en',
    strings,
    draft: { tool: 'headshot', rows: [{ id: 'r', inputs: {}, start: '', end: '' }], values: {} },
    assets: {},
    account: { hasKey: true },
    presets: [],
    jobs: [],
  };
  const store = new Store(state, undefined, {
    send: () => Promise.resolve(),
    save: () => undefined,
    later: () => () => undefined,
  });
  const asked: unknown[] = [];
  const ask = (body: unknown) => (asked.push(body), Promise.resolve());
  const actions = new Actions(ask as Ask, store);
  const folder = {
    name: 'photos',
    arrayBuffer: () => Promise.reject(new DOMException('', 'NotReadableError')),
  };
  await actions.dropFile('r', 'image', folder as unknown as File);
  assert.deepEqual(store.view.notice, { key: 'form.dropUnreadable', args: { name: 'photos' } });
  await actions.dropFile('r', 'image', new File(['a'], 'a.png'));
  assert.deepEqual(asked, [
    { type: 'dropFile', row: 'r', input: 'image', name: 'a.png', bytes: new Uint8Array([97]) },
  ]);
});
