import { randomBytes } from 'node:crypto';
import { constants, watch } from 'node:fs';
import * as fs from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Disk } from './disk.ts';
import { temporaryName } from './temporaryNames.ts';

const codeOf = (error: unknown): unknown => (error as NodeJS.ErrnoException | undefined)?.code;
const isAbsent = (error: unknown): boolean => codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
const isTaken = (error: unknown): boolean => codeOf(error) === 'EEXIST';
/** File systems without hard links (exFAT, some network shares) answer in many ways. */
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
  // Windows flushes only what is open for writing.
  const file = await fs.open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name survives a power cut only once its folder is flushed; where folders cannot be (Windows), never mind. */
async function flushFolder(path: string): Promise<void> {
  try {
    const folder = await fs.open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Not offered here.
  }
}

async function writeTemporary(path: string, text: string, durable: boolean): Promise<string> {
  const temporary = join(dirname(path), temporaryName(Date.now(), randomBytes(6).toString('hex')));
  const file = await fs.open(temporary, 'wx', 0o600);
  try {
    await file.writeFile(text);
    if (durable) await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** Another program (virus scanner, indexer) may hold a file for a moment on Windows. */
async function patiently(work: () => Promise<void>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (
        process.platform !== 'win32' ||
        attempt >= 5 ||
        !['EPERM', 'EACCES', 'EBUSY'].includes(String(codeOf(error)))
      )
        throw error;
      await new Promise(resolve => setTimeout(resolve, 20 * 2 ** attempt));
    }
  }
}

/** true: linked. false: taken. undefined: this file system has no hard links. */
async function link(from: string, to: string): Promise<boolean | undefined> {
  try {
    await fs.link(from, to);
    return true;
  } catch (error) {
    if (isTaken(error)) return false;
    if (noLinks.has(String(codeOf(error)))) return undefined;
    throw error;
  }
}

/** The disk of this machine. */
export const nodeDisk: Disk = {
  async list(folder) {
    return (await unlessAbsent(fs.readdir(folder))) ?? [];
  },

  read: path => unlessAbsent(fs.readFile(path, 'utf8')),

  async create(path, text, durable) {
    const temporary = await writeTemporary(path, text, durable);
    try {
      let made = await link(temporary, path);
      if (made === undefined) {
        made = await fs.copyFile(temporary, path, constants.COPYFILE_EXCL).then(
          () => true,
          (error: unknown) => {
            if (isTaken(error)) return false;
            throw error;
          },
        );
        if (made && durable) await flush(path);
      }
      return made;
    } finally {
      await fs.rm(temporary, { force: true });
      if (durable) await flushFolder(dirname(path));
    }
  },

  async replace(path, text) {
    const temporary = await writeTemporary(path, text, false);
    await patiently(() => fs.rename(temporary, path)).catch(async (error: unknown) => {
      await fs.rm(temporary, { force: true });
      throw error;
    });
  },

  async move(from, to) {
    try {
      await patiently(() => fs.rename(from, to));
    } catch (error) {
      if (isAbsent(error) && (await nodeDisk.size(from)) === undefined) return false;
      throw error;
    }
    await flushFolder(dirname(to));
    return true;
  },

  async remove(path) {
    await unlessAbsent(patiently(() => fs.unlink(path)));
  },

  async makeFolder(path) {
    await fs.mkdir(path, { recursive: true });
  },

  size: async path => (await unlessAbsent(fs.stat(path)))?.size,

  flush,

  async place(from, to) {
    let placed = await link(from, to);
    if (placed === undefined) {
      // No hard links: take the name with an empty file, then put ours in its place.
      const file = await fs.open(to, 'wx').catch((error: unknown) => {
        if (isTaken(error)) return undefined;
        throw error;
      });
      placed = file !== undefined;
      if (file) {
        await file.close();
        await patiently(() => fs.rename(from, to)).catch(async (error: unknown) => {
          await fs.rm(to, { force: true });
          throw error;
        });
      }
    }
    if (placed) await flushFolder(dirname(to));
    return placed;
  },

  async stamp(path) {
    // All of it stays when a file is linked or renamed. Numbers of files alone are used again, times alone are coarse.
    const stat = await unlessAbsent(fs.stat(path, { bigint: true }));
    return stat && `${stat.ino}-${stat.mtimeNs}-${stat.size}`;
  },

  watch(folder, onChange) {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => onChange(name ?? undefined));
      // A folder that vanishes or a watch that breaks: the regular look remains.
      watcher.on('error', () => watcher.close());
      return { dispose: () => watcher.close() };
    } catch {
      return { dispose: () => {} };
    }
  },
};
