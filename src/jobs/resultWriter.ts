import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Disk, longestReservation, reservedFor } from './disk.ts';
import type { Job } from './job.ts';
import { candidateNames } from './names.ts';
import type { RemoteFiles } from './ports.ts';

/** Writes results to a folder of this disk, or to one that only the editor can write to. */
export interface ResultWriter {
  /** Where partial downloads are, on this disk. */
  readonly partials: string;
  /**
   * Picks a free name, has it recorded by `announce` with what identifies the result, then renames the partial download
   * to it. Returns its URI.
   */
  finalize(
    partial: string,
    name: { readonly stem: string; readonly extension: string },
    announce: (uri: string, stamp: string | undefined) => Promise<void>,
  ): Promise<string>;
  /**
   * Whether the result of a job got the name that was recorded. Call this after the partial downloads of other claims
   * are removed.
   * @param scratch a file on this disk that may be overwritten
   */
  wasFinalized(job: string, finalizing: NonNullable<Job['finalizing']>, scratch: string): Promise<boolean>;
}

const isLocal = (uri: string): boolean => uri.startsWith('file:');

/** A folder on this disk must have a path that this system understands. */
export function isUsableFolder(uri: string): boolean {
  try {
    return !isLocal(uri) || fileURLToPath(uri) !== '';
  } catch {
    return false;
  }
}

export const resultWriter = (
  folder: string,
  partials: string,
  disk: Disk,
  remoteFiles: RemoteFiles,
): ResultWriter =>
  isLocal(folder)
    ? localWriter(fileURLToPath(folder), disk)
    : remoteWriter(folder, partials, disk, remoteFiles);

/**
 * The partial download is in the target folder, so that giving it its name is one step that can't fail halfway, can't
 * overwrite, and can be recognized afterward.
 */
function localWriter(folder: string, disk: Disk): ResultWriter {
  return {
    partials: folder,
    async finalize(partial, { stem, extension }, announce) {
      await disk.flush(partial);
      const stamp = await disk.stamp(partial);
      // Without a stamp, a crash would leave it unknown whether the result got its name.
      if (stamp === undefined) throw new Error('The partial download disappeared');
      for (const name of candidateNames(stem, extension, await disk.list(folder))) {
        const path = join(folder, name);
        const uri = pathToFileURL(path).href;
        await announce(uri, stamp);
        if (await disk.place(partial, path)) return uri;
      }
      throw new Error('There is always another name');
    },
    async wasFinalized(job, { uri, stamp }) {
      const path = fileURLToPath(uri);
      if (stamp !== undefined && (await disk.stamp(path)) === stamp) return true;
      const size = await disk.size(path);
      if (size === undefined || size > longestReservation) return false;
      // A crash right after the name was reserved leaves an empty file, which stays: it could be the user's.
      const partial = reservedFor((await disk.read(path)) ?? '');
      if (partial !== undefined && claimIn(partial, job) !== undefined) await disk.remove(path);
      return false;
    },
  };
}

function remoteWriter(folder: string, partials: string, disk: Disk, remote: RemoteFiles): ResultWriter {
  return {
    partials,
    async finalize(partial, { stem, extension }, announce) {
      const stamp = await disk.digest(partial);
      for (const name of candidateNames(stem, extension, [])) {
        const uri = inFolder(folder, name);
        if (await remote.stat(uri)) continue;
        await announce(uri, stamp);
        if (await remote.copyFromDisk(partial, uri)) return uri;
      }
      throw new Error('There is always another name');
    },
    async wasFinalized(_job, { uri, bytes, stamp }, scratch) {
      if ((await remote.stat(uri))?.bytes !== bytes) return false;
      // 0.1.0 recorded the length only.
      if (stamp === undefined) return true;
      await disk.makeFolder(partials);
      await remote.copyToDisk(uri, scratch);
      const isSame = (await disk.digest(scratch)) === stamp;
      await disk.remove(scratch);
      return isSame;
    },
  };
}

/**
 * Where a download is until it gets its final name. Each claim on a job has its own files, so a window that was
 * suspended while another took over can write and rename only its own.
 */
export const partialName = (job: string, index: number, claim: string): string =>
  `.${job}-${index}-${claim}.part`;

/** The claim in the name of a partial download; undefined if it isn't one of this job. */
const claimIn = (name: string, job: string): string | undefined =>
  new RegExp(`^\\.${job}-\\d+-([\\w-]+)\\.part$`).exec(name)?.[1];

/**
 * Removes the partial downloads of a job, except those of claim `keep`, so that their window can no longer rename them.
 */
export async function removePartials(folder: string, job: string, disk: Disk, keep?: string): Promise<void> {
  for (const name of await disk.list(folder)) {
    const claim = claimIn(name, job);
    if (claim !== undefined && claim !== keep) await disk.remove(join(folder, name));
  }
}

/** The folder with the partial downloads of a result that was to be named `uri`. */
export const partialsOf = (uri: string, remotePartials: string): string =>
  isLocal(uri) ? dirname(fileURLToPath(uri)) : remotePartials;

/** The URI of a file in a folder; query and fragment, which some file systems use, stay. */
function inFolder(folder: string, name: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(folder) ?? [];
  return `${path.replace(/\/+$/, '')}/${encodeURIComponent(name)}${rest}`;
}
