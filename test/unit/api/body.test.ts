import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { readBody } from '../../../src/api/response.ts';

const readable = (): Readable => new Readable({ read() {} });

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<{ text: string; error?: unknown }> {
  let text = '';
  try {
    for await (const chunk of chunks) text += Buffer.from(chunk).toString();
    return { text };
  } catch (error) {
    return { text, error };
  }
}

suite('the body of a response', () => {
  test('is read completely', async () => {
    const body = readable();
    const chunks = collect(readBody(body));
    body.push('one ');
    await setImmediate();
    body.push('two');
    body.push(null);
    assert.deepEqual(await chunks, { text: 'one two' });
  });

  test('yields what arrived before a failure, even if nothing has been read yet', async () => {
    const body = readable();
    const error = new Error('broken');
    const chunks = readBody(body);
    body.push('one');
    await setImmediate();
    body.destroy(error);
    await setImmediate();
    assert.deepEqual(await collect(chunks), { text: 'one', error });
  });

  test('fails when it is closed before its end', async () => {
    const body = readable();
    const chunks = readBody(body);
    body.destroy();
    assert.equal(((await collect(chunks)).error as { code?: string }).code, 'ECONNRESET');
  });

  test('pauses the sender while nothing is read', async () => {
    const body = new Readable({
      highWaterMark: 64 * 1024,
      read() {
        this.push(Buffer.alloc(64 * 1024));
      },
    });
    let given = 0;
    const push = body.push.bind(body);
    body.push = (chunk, encoding) => {
      given += (chunk as Buffer | null)?.byteLength ?? 0;
      return push(chunk, encoding);
    };
    const chunks = readBody(body)[Symbol.asyncIterator]();
    for (let i = 0; i < 50; i++) await setImmediate();
    assert.ok(given < 2 * 1024 * 1024, `${given} bytes are buffered`);
    const before = given;
    for (let i = 0; i < 100; i++) await chunks.next();
    assert.ok(given > before);
    body.destroy();
  });
});
