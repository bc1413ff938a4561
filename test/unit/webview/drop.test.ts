import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDroppable, parseUriList, readDrop } from '../../../src/webview/drop.ts';

describe('dropping', () => {
  const transfer = (data: Record<string, string>, files: unknown[] = []) =>
    ({ getData: (type: string) => data[type] ?? '', files }) as unknown as DataTransfer;

  test('what comes from the Explorer counts as resources, not as files', () => {
    const dropped = readDrop(
      transfer({ 'application/vnd.code.uri-list': 'file:///a%20b.png\r\nfile:///c.png' }, ['a', 'c']),
    );
    assert.deepEqual(dropped, { uris: ['file:///a%20b.png', 'file:///c.png'], urls: [], files: [] });
  });

  test('files of the system come as they are', () => {
    assert.deepEqual(readDrop(transfer({}, ['file'])).files, ['file']);
  });

  test('an address of the web is told apart', () => {
    const { uris, urls } = readDrop(transfer({ 'text/uri-list': '# a picture\nhttps://x.example/a.png' }));
    assert.deepEqual([uris, urls], [[], ['https://x.example/a.png']]);
  });

  test('text is not taken', () => {
    assert.equal(isDroppable(['text/plain']), false);
    assert.equal(isDroppable(['Files']), true);
    assert.deepEqual(parseUriList('\n#x\n'), []);
  });
});
