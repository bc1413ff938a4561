import type { FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { NotARegularFileError, openRegularFile } from '../api/regularFile.ts';
import { HumanError } from '../shared/message.ts';

/** Random access to the bytes of a file, without reading all of it. */
export interface ByteReader {
  readonly size: number;
  /** At the end of the file, returns fewer bytes than requested. The caller owns the result. */
  read(from: number, length: number): Promise<Uint8Array>;
}

export interface OpenFile extends ByteReader, AsyncDisposable {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** @throws HumanError if the file is missing, not readable, not a regular file, or empty */
export async function openFile(path: string, name = basename(path)): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await openRegularFile(path);
    const { size, mtimeMs } = await handle.stat();
    if (size === 0) throw new HumanError('asset.empty', { name });
    return fileOf(handle, name, size, mtimeMs);
  } catch (error) {
    await handle?.close();
    throw readingFailed(error, name);
  }
}

function fileOf(handle: FileHandle, name: string, size: number, modified: number): OpenFile {
  return {
    name,
    size,
    modified,
    async read(from, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - from)));
      let filled = 0;
      try {
        while (filled < bytes.length) {
          const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, from + filled);
          if (bytesRead === 0) break;
          filled += bytesRead;
        }
      } catch (error) {
        throw readingFailed(error, name);
      }
      return bytes.subarray(0, filled);
    },
    [Symbol.asyncDispose]: () => handle.close(),
  };
}

/** Reads part of a file for the page. At the end of the file, returns fewer bytes than requested. */
export async function readRange(path: string, from: number, length: number): Promise<Uint8Array> {
  await using file = await openFile(path);
  return await file.read(from, length);
}

/** Converts a file system error to one that can be shown to the user. */
export function readingFailed(error: unknown, name: string): unknown {
  if (error instanceof HumanError) return error;
  if (error instanceof NotARegularFileError)
    return new HumanError('asset.notAFile', { name }, { cause: error });
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new HumanError('asset.vanished', { name }, { cause: error });
    case 'EACCES':
    case 'EPERM':
      return new HumanError('asset.forbidden', { name }, { cause: error });
    case 'EISDIR':
      return new HumanError('asset.notAFile', { name }, { cause: error });
    case undefined:
      return error;
    default:
      return new HumanError(
        'asset.unreadable',
        { name, code: (error as NodeJS.ErrnoException).code ?? '' },
        { cause: error },
      );
  }
}
