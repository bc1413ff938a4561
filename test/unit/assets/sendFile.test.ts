import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { ApiError } from '../../../src/api/errors.ts';
import type { MagicHourApi, UploadItem } from '../../../src/api/types.ts';
import { sendFile } from '../../../src/assets/sendFile.ts';
import { temporaryFolder } from './media.ts';

const folder = temporaryFolder();
const clock = { now: () => 0, wait: () => Promise.resolve(), random: () => 0 };

async function file(content: string) {
  const path = join(folder, `${content}.png`);
  await writeFile(path, content);
  return { kind: 'upload', path, bytes: content.length, type: 'image', extension: 'png' } as const;
}

/** An API that counts, and whose PUT can be made to fail. */
function fakeApi(failures = 0) {
  const requests: (readonly UploadItem[])[] = [];
  const api = {
    uploadUrls: (items: readonly UploadItem[]) => {
      requests.push(items);
      return Promise.resolve(
        items.map((_, i) => ({
          url: 'https://storage/x',
          expiresAt: undefined,
          filePath: `f${requests.length}-${i}`,
        })),
      );
    },
    put: () =>
      failures-- > 0
        ? Promise.reject(
            new ApiError('error.unexpected', {
              operation: 'upload',
              transient: true,
              mayHaveBeenCreated: false,
            }),
          )
        : Promise.resolve(),
  } as unknown as MagicHourApi;
  return { api: () => Promise.resolve(api), requests };
}

const options = { signal: new AbortController().signal, onProgress() {} };

describe('sending files', () => {
  it('asks for the addresses of files that start together with one request', async () => {
    const { api, requests } = fakeApi();
    const send = sendFile(api, clock);
    const files = await Promise.all(['a', 'b', 'c'].map(file));
    const sent = await Promise.all(files.map(each => send(each, options)));
    assert.deepEqual(sent, ['f1-0', 'f1-1', 'f1-2']);
    assert.equal(requests.length, 1);
  });

  it('goes on with the others when one is stopped', async () => {
    const { api, requests } = fakeApi();
    const send = sendFile(api, clock);
    const stop = new AbortController();
    const [first, second] = await Promise.all([file('a'), file('b')]);
    const stopped = send(first, { ...options, signal: stop.signal });
    const other = send(second, options);
    stop.abort(new Error('stopped'));
    await assert.rejects(stopped, /stopped/);
    assert.equal(await other, 'f1-0');
    assert.equal(requests.flat().length, 1);
  });

  it('says the handle of the attempt that arrived', async () => {
    const { api } = fakeApi(1);
    assert.equal(await sendFile(api, clock)(await file('portrait'), options), 'f2-0');
  });
});
