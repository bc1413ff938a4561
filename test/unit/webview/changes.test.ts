import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { FormState } from '../../../src/shared/protocol.ts';
import { strings } from '../../../src/shared/strings/index.ts';
import { describeChange } from '../../../src/webview/changes.ts';
import { Store } from '../../../src/webview/store.ts';

const effects = { send: () => Promise.resolve(), save() {}, later: () => () => undefined };

/** Makes these choices one after another and returns the message that the form shows after the last one. */
function said(tool: string, inputs: readonly string[], choices: Readonly<Record<string, string>>): string {
  const files = inputs.map(id => [id, { kind: 'url', url: `https://example.com/${id}.png` }] as const);
  const host: FormState = {
    locale: 'en',
    strings,
    draft: { tool, rows: [{ id: 'r', inputs: Object.fromEntries(files), start: '', end: '' }], values: {} },
    assets: {},
    account: { hasKey: true },
    presets: [],
    jobs: [],
  };
  const store = new Store(host, undefined, effects);
  let change: string | undefined;
  for (const [id, value] of Object.entries(choices)) {
    const before = store.view;
    const field = before.tool.fields.find(each => each.id === id);
    assert.ok(field);
    store.setValue(id, value);
    change = describeChange(before, store.view, field);
  }
  return change ?? '';
}

suite('after a choice, the form says', () => {
  test('which other choices it replaced, and the new price', () => {
    assert.equal(
      said('imageToVideo', ['image'], { seconds: '60', model: 'kling-2.6' }),
      'Resolution is now “720p (paid plan)”. Length in seconds is now “10”. The price is now about 360 credits (was about 1,440 credits).',
    );
  });

  test("no price for a choice of an earlier version that isn't available any more", () => {
    assert.equal(
      said('imageToVideo', ['image'], { model: 'sora-2' }),
      'The price is now – (was about 120 credits).',
    );
  });

  test('that a price is only a lower bound now', () => {
    assert.equal(
      said('imageGenerator', [], { resolution: '1k' }),
      'The price is now from 5 credits (was 5 credits).',
    );
  });

  test('which option and which chosen files are no longer available', () => {
    assert.equal(
      said('imageToVideo', ['image', 'endImage'], { audio: 'true', model: 'wan-2.2' }),
      'Not available with this choice: Generate audio, End image.',
    );
  });

  test('nothing if nothing else changed', () => {
    assert.equal(said('imageGenerator', [], { aspectRatio: '16:9' }), '');
    // The unsupported options weren't used.
    assert.equal(said('imageToVideo', ['image'], { audio: 'false', model: 'wan-2.2' }), '');
  });
});
