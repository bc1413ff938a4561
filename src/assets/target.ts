import { open, rm, type FileHandle } from 'node:fs/promises';
import type { ByteReader } from './file.ts';

/** A file that is being written. */
export interface Target {
  readonly bytes: number;
  /** Writes at the end. */
  append(bytes: Uint8Array): Promise<void>;
  /** Copies a part of another file to the end, in chunks. */
  copy(source: ByteReader, from: number, length: number, signal: AbortSignal): Promise<void>;
  /** Writes at an offset. */
  put(bytes: Uint8Array, at: number): Promise<void>;
}

const chunkBytes = 1 << 20;

/** @returns the result of `write`. If it's undefined or `write` throws, the file is removed. */
export async function writeTo<T>(
  path: string,
  write: (target: Target) => Promise<T | undefined>,
): Promise<T | undefined> {
  const handle = await open(path, 'w');
  let result: T | undefined;
  try {
    result = await write(targetOf(handle));
  } finally {
    await handle.close();
    if (result === undefined) await rm(path, { force: true });
  }
  return result;
}

function targetOf(handle: FileHandle): Target {
  let end = 0;
  const put = async (bytes: Uint8Array, at: number): Promise<void> => {
    for (let written = 0; written < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, at + written);
      written += bytesWritten;
    }
    end = Math.max(end, at + bytes.length);
  };
  return {
    get bytes() {
      return end;
    },
    put,
    append: bytes => put(bytes, end),
    async copy(source, from, length, signal) {
      for (let done = 0; done < length; ) {
        signal.throwIfAborted();
        const bytes = await source.read(from + done, Math.min(chunkBytes, length - done));
        if (bytes.length === 0) throw new Error('The file became shorter during the cut');
        await put(bytes, end);
        done += bytes.length;
      }
    },
  };
}
