import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isDroppable, parseUriList, readDrop } from '../../../src/webview/drop.ts';

describe('dropped data', () => {
  const transfer = (data: Record<string, string>, files: unknown[] = []) =>
    ({ getData: (type: string) => data[type] ?? '', files }) as unknown as DataTransfer;

  test('from the Explorer is read as URIs, not as files', () => {
    const dropped = readDrop(
      transfer({ 'application/vnd.code.uri-list': 'file:///a%20b.png\r\nfile:///c.png' }, ['a', 'c']),
    );
    assert.deepEqual(dropped, { uris: ['file:///a%20b.png', 'file:///c.png'], urls: [], files: [] });
  });

  test('from the operating system is read as files', () => {
    assert.deepEqual(readDrop(transfer({}, ['file'])).files, ['file']);
  });

  test('with web URLs is read as URLs', () => {
    const { uris, urls } = readDrop(transfer({ 'text/uri-list': '# a picture\nhttps://x.example/a.png' }));
    assert.deepEqual([uris, urls], [[], ['https://x.example/a.png']]);
  });

  test('without files is rejected', () => {
    assert.equal(isDroppable(['text/plain']), false);
    assert.equal(isDroppable(['Files']), true);
    assert.deepEqual(parseUriList('\n#x\n'), []);
  });
});
