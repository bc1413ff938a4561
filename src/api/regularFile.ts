import { constants, open, stat, type FileHandle } from 'node:fs/promises';

export class NotARegularFileError extends Error {}

/**
 * Opens a file for reading if it is a regular one. Opening a FIFO would block a thread of the process's pool until
 * something writes to it, and opening a device can have side effects, so the type is checked first; O_NONBLOCK and the
 * second check cover a file that is replaced in between.
 */
export async function openRegularFile(path: string): Promise<FileHandle> {
  if (!(await stat(path)).isFile()) throw new NotARegularFileError(path);
  // Windows doesn't have this flag.
  const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if ((await handle.stat()).isFile()) return handle;
    throw new NotARegularFileError(path);
  } catch (error) {
    await handle.close();
    throw error;
  }
}
