import { constants, open, stat, type FileHandle } from 'node:fs/promises';

export class NotARegularFileError extends Error {}

/**
 * Opens a file for reading if it's a regular file. The type is checked first, because opening a FIFO would block a
 * thread of the process's pool until something writes to the FIFO, and opening a device can have side effects.
 * O_NONBLOCK and the second check are for a file that's replaced in between.
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
