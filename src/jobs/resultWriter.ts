import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Disk, longestReservation, reservedFor } from './disk.ts';
import type { Job } from './job.ts';
import { candidateNames } from './names.ts';
import type { RemoteFiles } from './ports.ts';

/** Writes results to a folder on this disk, or to one that only the editor can write to. */
export interface ResultWriter {
  /** The folder on this disk for partial downloads. */
  readonly partials: string;
  /**
   * Picks a free name and calls `announce` to record it, together with a stamp that identifies the result. Then renames
   * the partial download to that name and returns its URI.
   */
  finalize(
    partial: string,
    name: { readonly stem: string; readonly extension: string },
    announce: (uri: string, stamp: string | undefined) => Promise<void>,
  ): Promise<string>;
  /**
   * Whether the result of a job got the recorded name. Before calling this, remove the partial downloads of other
   * claims.
   * @param scratch a file on this disk that may be overwritten
   */
  wasFinalized(job: string, finalizing: NonNullable<Job['finalizing']>, scratch: string): Promise<boolean>;
}

const isLocal = (uri: string): boolean => uri.startsWith('file:');

/** The path of a folder on this disk must be valid on this operating system. */
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
 * Keeps partial downloads in the target folder. That makes the rename to the final name a single step that can't fail
 * halfway, can't overwrite a file, and can be recognized afterward.
 */
function localWriter(folder: string, disk: Disk): ResultWriter {
  return {
    partials: folder,
    async finalize(partial, { stem, extension }, announce) {
      await disk.flush(partial);
      const stamp = await disk.stamp(partial);
      // Without a stamp, we couldn't tell after a crash whether the result got its name.
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
      // A crash right after the name was reserved leaves an empty file. It's kept because it could be the user's.
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
      // 0.1.0 recorded only the length.
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
 * The name of a download until it gets its final one. Each claim on a job has its own files, so a window that was
 * suspended while another one took over can only write and rename its own.
 */
export const partialName = (job: string, index: number, claim: string): string =>
  `.${job}-${index}-${claim}.part`;

/** The claim in the name of a partial download, or undefined if the name doesn't belong to this job. */
const claimIn = (name: string, job: string): string | undefined =>
  new RegExp(`^\\.${job}-\\d+-([\\w-]+)\\.part$`).exec(name)?.[1];

/**
 * Removes the partial downloads of a job, except those of the claim `keep`. A window that lost its claim can then no
 * longer rename them.
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

/** The URI of a file in a folder. Keeps the query and fragment, which some file systems use. */
function inFolder(folder: string, name: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(folder) ?? [];
  return `${path.replace(/\/+$/, '')}/${encodeURIComponent(name)}${rest}`;
}
