import { openFile } from './file.ts';

/** A piece of a file, for the page: `length` bytes from `from`, fewer at the end. */
export async function readRange(path: string, from: number, length: number): Promise<Uint8Array> {
  await using file = await openFile(path);
  return await file.read(from, length);
}
