import { stat } from 'node:fs/promises';
import type { ProjectKind } from '../tools/tool.ts';
import { ApiError } from './errors.ts';
import { type Clock, retrying } from './retry.ts';
import type { Got, MagicHourApi, Project } from './types.ts';

const attempts = 5;

export interface DownloadControl {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

/** Which result of which project. */
export interface ResultRef {
  readonly kind: ProjectKind;
  readonly id: string;
  readonly index: number;
}

/**
 * Downloads one result of a complete project into the file at `path`, going on after what is already there. Each
 * attempt reads the project for an address that is valid now. Gives up after several attempts in a row that brought
 * nothing, so that a large file arrives over a bad line as well. Throws `ApiError`.
 */
export async function downloadResult(
  api: Pick<MagicHourApi, 'project' | 'get'>,
  { kind, id, index }: ResultRef,
  path: string,
  { clock, signal, onProgress }: DownloadControl,
): Promise<Got> {
  let validator: string | undefined;
  let most = 0;
  let before = 0;
  const download = async (): Promise<Got> => {
    before = most;
    const project = await api.project(kind, id, signal ? { signal } : {});
    const from = await sizeOf(path);
    before = Math.max(most, from);
    let total: number | undefined;
    return await api.get(resultUrl(project, index), path, {
      ...(signal && { signal }),
      // Nothing says whose bytes an earlier run left there, but a result never changes.
      from,
      ...(validator !== undefined && { ifRange: validator }),
      onValidator: found => (validator = found),
      onLength: bytes => (total = bytes),
      onProgress: bytes => {
        most = Math.max(most, bytes);
        onProgress?.(bytes, total);
      },
    });
  };
  // Only bytes that were never there before count, so that this ends even when every attempt starts over.
  return await retrying(download, { attempts, clock, signal, hasProgressed: () => most > before });
}

function resultUrl(project: Project, index: number): string {
  const url = project.downloads[index]?.url;
  if (url !== undefined) return url;
  throw new ApiError(project.enabled ? 'api.project.notComplete' : 'api.project.missing', {
    operation: 'download',
    transient: false,
    mayHaveBeenCreated: false,
  });
}

const sizeOf = async (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
