import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nameOf, stemOf } from '../../../src/editor/assetName.ts';

const file = (uri: string) => ({ kind: 'file', uri }) as const;
const url = (address: string) => ({ kind: 'url', url: address }) as const;

suite('nameOf', () => {
  for (const [source, name] of [
    [file('file:///w/anna.png'), 'anna.png'],
    [file('file:///c%3A/Users/Ada/my%20photo%20%231%3F.png'), 'my photo #1?.png'],
    [file('file:///w/100%25.png'), '100%.png'],
    [file('file:///w/%C3%84nna%20%E6%BC%A2.png'), 'Änna 漢.png'],
    [file('vscode-remote://ssh-remote%2Bhost/home/ada/anna.png'), 'anna.png'],
    [file('vscode-vfs://github/owner/repo/anna.png?ref%3Dmain'), 'anna.png'],
    [file('memfs:/anna.png'), 'anna.png'],
    [file('untitled:anna.png'), 'anna.png'],
    [url('https://example.com/a/anna.png?size=1&x=/y.jpg#z'), 'anna.png'],
    [url('https://example.com/a/'), 'a'],
    [url('https://example.com'), ''],
    [url('https://example.com/100%.png'), '100%.png'],
    // An invalid URL is shown as typed.
    [url('no address'), 'no address'],
    [file('w/anna.png'), 'anna.png'],
  ] as const) {
    test(`of ${source.kind === 'file' ? source.uri : source.url} is “${name}”`, () =>
      assert.equal(nameOf(source), name));
  }
});

suite('stemOf', () => {
  for (const [path, stem] of [
    ['anna.png', 'anna'],
    ['anna.v2.png', 'anna.v2'],
    ['anna', 'anna'],
    ['.png', 'magic-hour'],
    ['', 'magic-hour'],
  ] as const) {
    test(`of “${path}” is “${stem}”`, () => assert.equal(stemOf(url(`https://example.com/${path}`)), stem));
  }
});
