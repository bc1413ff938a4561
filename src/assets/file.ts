import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { HumanError } from '../shared/message.ts';

/** Bytes that are read where they are needed, never as a whole. */
export interface ByteReader {
  readonly size: number;
  /** Fewer bytes than asked at the end. The result is the caller's own. */
  read(from: number, length: number): Promise<Uint8Array>;
}

export interface OpenFile extends ByteReader, AsyncDisposable {
  readonly name: string;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** @throws HumanError when there is nothing to read: vanished, no permission, a folder, empty. */
export async function openFile(path: string, name = basename(path)): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const { size, mtimeMs, isFolder } = await handle
      .stat()
      .then(stat => ({ size: stat.size, mtimeMs: stat.mtimeMs, isFolder: !stat.isFile() }));
    if (isFolder) throw new HumanError('asset.notAFile', { name });
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

/** A failure of the file system in words for people. */
export function readingFailed(error: unknown, name: string): unknown {
  if (error instanceof HumanError) return error;
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
