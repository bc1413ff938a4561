import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { suite, test } from 'node:test';
import { arrivals } from '../../../src/api/arrivals.ts';

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

suite('the body of an answer', () => {
  test('is read to its end', async () => {
    const body = readable();
    const chunks = collect(arrivals(body));
    body.push('one ');
    await setImmediate();
    body.push('two');
    body.push(null);
    assert.deepEqual(await chunks, { text: 'one two' });
  });

  test('hands over what came before it broke, also when nobody has asked yet', async () => {
    const body = readable();
    const error = new Error('broken');
    const chunks = arrivals(body);
    body.push('one');
    await setImmediate();
    body.destroy(error);
    await setImmediate();
    assert.deepEqual(await collect(chunks), { text: 'one', error });
  });

  test('that is closed without a word is a break too', async () => {
    const body = readable();
    const chunks = arrivals(body);
    body.destroy();
    assert.equal(((await collect(chunks)).error as { code?: string }).code, 'ECONNRESET');
  });

  test('waits while nobody reads', async () => {
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
    const chunks = arrivals(body)[Symbol.asyncIterator]();
    for (let i = 0; i < 50; i++) await setImmediate();
    assert.ok(given < 2 * 1024 * 1024, `${given} bytes are held`);
    const before = given;
    for (let i = 0; i < 100; i++) await chunks.next();
    assert.ok(given > before);
    body.destroy();
  });
});
