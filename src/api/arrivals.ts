import type { Readable } from 'node:stream';

/** Bytes that are kept ready while the receiver is busy (writing to the disk). */
const readAhead = 1024 * 1024;

/**
 * The chunks of an answer's body, listened for from this call on. Unlike `for await` on the stream itself, what arrived
 * before a break is handed over before the break is thrown, so that a download can go on after it; and a break that
 * comes before anybody iterates is not missed.
 */
export function arrivals(body: Readable): AsyncIterable<Uint8Array> {
  const queue: Uint8Array[] = [];
  let held = 0;
  let end: { readonly error?: unknown } | undefined;
  let wake = (): void => {};
  const finish = (how: { readonly error?: unknown }): void => {
    end ??= how;
    wake();
  };
  body.on('data', (chunk: Uint8Array) => {
    queue.push(chunk);
    held += chunk.byteLength;
    if (held >= readAhead) body.pause();
    wake();
  });
  body.once('end', () => finish({}));
  // Stays for good: leaving a body unread breaks it off, which is no news to anybody.
  body.on('error', (error: unknown) => finish({ error }));
  body.once('close', () => {
    finish({ error: Object.assign(new Error('Closed before its end.'), { code: 'ECONNRESET' }) });
  });

  async function* iterate(): AsyncGenerator<Uint8Array, void> {
    for (;;) {
      const chunk = queue.shift();
      if (chunk) {
        held -= chunk.byteLength;
        if (held < readAhead && body.isPaused()) body.resume();
        yield chunk;
      } else if (end) {
        if ('error' in end) throw end.error;
        return;
      } else {
        await new Promise<void>(resolve => (wake = resolve));
      }
    }
  }
  return iterate();
}
