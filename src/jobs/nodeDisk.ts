import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream, watch } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type Disk, reservationFor } from './disk.ts';

const codeOf = (error: unknown): string => String((error as NodeJS.ErrnoException | undefined)?.code);
const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST';
/** Error codes of file systems without hard links (exFAT, some network shares). */
const noLinks = new Set([
  'EPERM',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EXDEV',
  'EMLINK',
  'EINVAL',
  'EACCES',
  'EISDIR',
]);

async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function flush(path: string): Promise<void> {
  // Windows can only flush files that are open for writing.
  const file = await fs.open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new file name survives a power failure only once its folder is flushed. Windows can't do that. */
async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await fs.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Not supported here.
  }
}

/** Best effort, because a leftover temporary file is harmless. */
const removeIfPossible = (path: string): Promise<void> => fs.unlink(path).catch(() => {});

async function writeTemporary(path: string, text: string, durable: boolean): Promise<string> {
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}.tmp`);
  const file = await fs.open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    if (durable) await file.sync();
  } catch (error) {
    await file.close().catch(() => {});
    await removeIfPossible(temporary);
    throw error;
  }
  await file.close();
  return temporary;
}

/** On Windows, another program (virus scanner, indexer) may briefly lock a file. */
async function retryingLocked(work: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (
        process.platform !== 'win32' ||
        attempt >= 5 ||
        !['EPERM', 'EACCES', 'EBUSY'].includes(codeOf(error))
      )
        throw error;
      await new Promise(resolve => setTimeout(resolve, 20 * 2 ** attempt));
    }
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([a, b].map(path => fs.stat(path, { bigint: true }))).catch(() => []);
  return one !== undefined && one.ino !== 0n && one.ino === other?.ino && one.dev === other.dev;
}

/** Resolves to true if linked, false if the name is taken, or undefined if the file system has no hard links. */
async function link(from: string, to: string): Promise<boolean | undefined> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    // A network file system can report a failure even though the link was created.
    if (await isSameFile(from, to)) return true;
    if (isTaken(error)) return false;
    if (noLinks.has(codeOf(error))) return undefined;
    throw error;
  }
}

/** Resolves to false if the name is taken. */
async function unlessTaken(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    throw error;
  }
}

/** Creates an empty file in one step, so no temporary file is needed. */
async function createEmpty(path: string): Promise<boolean> {
  return unlessTaken(fs.open(path, 'wx', 0o600).then(file => file.close()));
}

async function createWith(path: string, text: string, durable: boolean): Promise<boolean> {
  const temporary = await writeTemporary(path, text, durable);
  try {
    const isLinked = await link(temporary, path);
    if (isLinked !== undefined) return isLinked;
    if (!(await unlessTaken(fs.copyFile(temporary, path, constants.COPYFILE_EXCL)))) return false;
    if (durable) await flush(path);
    // The copy appeared under its name before its content was complete, so another window may have removed it.
    return (await nodeDisk.read(path)) === text;
  } finally {
    await removeIfPossible(temporary);
  }
}

/**
 * For file systems without hard links: reserves the name with a file that contains the name of the download, then
 * replaces that file with the download. If the process crashes in between, the reservation remains and is recognizable.
 */
async function placeByRename(from: string, to: string): Promise<boolean> {
  const reservation = reservationFor(basename(from));
  if (!(await unlessTaken(fs.writeFile(to, reservation, { flag: 'wx' })))) return false;
  try {
    await retryingLocked(() => fs.rename(from, to));
  } catch (error) {
    // Remove only our own reservation: if this window was suspended, another one may have used the name since.
    if ((await nodeDisk.read(to).catch(() => undefined)) === reservation) await removeIfPossible(to);
    throw error;
  }
  return true;
}

/** This machine's disk. */
export const nodeDisk: Disk = {
  async list(folder) {
    return (await unlessAbsent(fs.readdir(folder))) ?? [];
  },

  read: path => unlessAbsent(fs.readFile(path, 'utf8')),

  async create(path, text, durable) {
    const isCreated = await (text === '' ? createEmpty(path) : createWith(path, text, durable));
    if (isCreated && durable) await flushFolder(dirname(path));
    return isCreated;
  },

  async replace(path, text) {
    const temporary = await writeTemporary(path, text, false).catch(async (error: unknown) => {
      if (codeOf(error) !== 'ENOENT') throw error;
      await fs.mkdir(dirname(path), { recursive: true });
      return writeTemporary(path, text, false);
    });
    await retryingLocked(() => fs.rename(temporary, path)).catch(async (error: unknown) => {
      await removeIfPossible(temporary);
      throw error;
    });
  },

  async remove(path) {
    await unlessAbsent(retryingLocked(() => fs.unlink(path)));
  },

  async makeFolder(path) {
    const first = await fs.mkdir(path, { recursive: true });
    if (first !== undefined) await flushFolder(dirname(first));
  },

  async removeFolder(path) {
    await fs.rm(path, { recursive: true, force: true, maxRetries: 5 });
  },

  size: async path => (await unlessAbsent(fs.stat(path)))?.size,

  flush,

  async place(from, to) {
    const isPlaced = (await link(from, to)) ?? (await placeByRename(from, to));
    if (isPlaced) await flushFolder(dirname(to));
    return isPlaced;
  },

  async digest(path) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    return hash.digest('hex');
  },

  async stamp(path) {
    // All of these survive linking and renaming. Inode numbers alone can be reused, and times alone are too coarse.
    const stat = await unlessAbsent(fs.stat(path, { bigint: true }));
    return stat && `${stat.ino}-${stat.mtimeNs}-${stat.size}`;
  },

  watch(folder, onChange) {
    try {
      const watcher = watch(folder, { persistent: false }, () => onChange());
      // If the folder disappears or watching fails, the regular check still finds changes.
      watcher.on('error', () => watcher.close());
      return { dispose: () => watcher.close() };
    } catch {
      return { dispose: () => {} };
    }
  },
};
