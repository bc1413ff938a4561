import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { ApiError } from './errors.ts';
import type { CallLimits } from './limits.ts';
import { refusalError } from './refusal.ts';
import { openRegularFile } from './regularFile.ts';
import { readRefusal, readText } from './response.ts';
import { send, type Transport } from './send.ts';
import type { TransferOptions } from './types.ts';

export interface FileVersion {
  readonly path: string;
  readonly bytes: number;
  /** Milliseconds since 1970. If set, no other version of the file is sent. */
  readonly modified?: number;
}

/**
 * Streams a file from disk to a signed URL, without the key. Sends the length, because storage services refuse chunked
 * bodies, and keeps only a few chunks in memory. Throws `ApiError`, including when the file has changed or changes
 * during the upload.
 */
export async function upload(
  transport: Transport & { readonly headers: Readonly<Record<string, string>> },
  url: URL,
  file: FileVersion,
  limits: CallLimits,
  options: TransferOptions,
): Promise<void> {
  const name = path.basename(file.path);
  const handle = await openRegularFile(file.path).catch((error: unknown) => {
    throw fileError('api.upload.unreadable', name, error);
  });
  try {
    await send(
      transport,
      {
        operation: 'upload',
        method: 'PUT',
        url,
        headers: transport.headers,
        body: { bytes: file.bytes, chunks: read(handle, name, file, options) },
        limits,
        signal: options.signal,
      },
      async response => {
        const text = await readText(response);
        if (response.status >= 200 && response.status < 300) return;
        throw refusalError({
          ...text,
          operation: 'upload',
          refusal: readRefusal(text, transport.secrets),
          host: url.host,
          name,
        });
      },
    );
  } finally {
    await handle.close();
  }
}

const minChunk = 64 * 1024;
const maxChunk = 512 * 1024;
/** Room for the chunk being sent, the one being read, and two that the socket may still be using. */
const ringBytes = 4 * maxChunk;

/**
 * Yields the file's bytes, reading one chunk ahead. Chunks grow while sending is fast, so that fewer calls are needed,
 * and shrink on a slow connection, because undici's idle timeout sees only complete chunks.
 */
async function* read(
  handle: FileHandle,
  name: string,
  { bytes, modified }: FileVersion,
  { onProgress }: TransferOptions,
): AsyncGenerator<Uint8Array> {
  const before = await handle.stat();
  if (before.size !== bytes || (modified !== undefined && before.mtimeMs !== modified))
    throw fileError('api.upload.changed', name);
  const ring = new Ring(Math.min(bytes, ringBytes));
  let size = minChunk;
  let sent = 0;
  const readAt = (at: number): Promise<Uint8Array> =>
    readChunk(handle, name, ring.next(Math.min(size, bytes - at)), at);
  let reading = bytes > 0 ? readAt(0) : undefined;
  try {
    while (reading) {
      const chunk = await reading;
      sent += chunk.byteLength;
      reading = sent < bytes ? readAt(sent) : undefined;
      // A failure is reported when the chunk is awaited.
      reading?.catch(() => undefined);
      // Check before sending the last chunk, so that the storage never has a complete upload of a file that changed.
      if (!reading) await ensureUnchanged(handle, name, before);
      const startedAt = performance.now();
      yield chunk;
      const took = performance.now() - startedAt;
      if (took < 50) size = Math.min(size * 2, maxChunk);
      else if (took > 1000) size = Math.max(size / 2, minChunk / 4);
      onProgress?.(sent);
    }
  } finally {
    // The file is closed next. After that, nothing may write to its memory.
    await reading?.catch(() => undefined);
  }
}

/**
 * Reusable memory for the chunks of one file. New memory for each chunk would leave a gigabyte of garbage per gigabyte
 * sent. A socket holds at most its high-water mark (64 KB) of the chunks it has accepted.
 */
class Ring {
  readonly #memory: Uint8Array;
  #at = 0;

  constructor(bytes: number) {
    this.#memory = Buffer.allocUnsafeSlow(bytes);
  }

  next(bytes: number): Uint8Array {
    if (this.#at + bytes > this.#memory.byteLength) this.#at = 0;
    this.#at += bytes;
    return this.#memory.subarray(this.#at - bytes, this.#at);
  }
}

async function ensureUnchanged(handle: FileHandle, name: string, before: Stats): Promise<void> {
  const now = await handle.stat();
  if (now.size !== before.size || now.mtimeMs !== before.mtimeMs) throw fileError('api.upload.changed', name);
}

async function readChunk(
  handle: FileHandle,
  name: string,
  memory: Uint8Array,
  position: number,
): Promise<Uint8Array> {
  const { bytesRead, buffer } = await handle
    .read(memory, 0, memory.byteLength, position)
    .catch((error: unknown) => {
      throw fileError('api.upload.unreadable', name, error);
    });
  if (bytesRead === 0) throw fileError('api.upload.changed', name);
  return buffer.subarray(0, bytesRead);
}

function fileError(
  key: 'api.upload.changed' | 'api.upload.unreadable',
  name: string,
  cause?: unknown,
): ApiError {
  return new ApiError(
    key,
    { operation: 'upload', transient: false, mayHaveBeenCreated: false },
    { args: { name }, suggestedAction: 'retry', cause },
  );
}
