import { stat } from 'node:fs/promises';
import type { ProjectKind } from '../tools/tool.ts';
import { ApiError } from './errors.ts';
import { type Clock, retrying } from './retry.ts';
import type { DownloadResult, MagicHourApi, Project } from './types.ts';

const attempts = 5;

export interface DownloadControl {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly onProgress?: (bytes: number, total: number | undefined) => void;
}

/** Identifies one result of a project. */
export interface ResultRef {
  readonly kind: ProjectKind;
  readonly id: string;
  readonly index: number;
}

/**
 * Downloads one result of a complete project to the file at `path`, resuming after the bytes that are already there.
 * Each attempt requests the project, because its URLs expire. Gives up only after several attempts in a row without
 * progress, so that a large file can be downloaded over a bad connection. Throws `ApiError`.
 */
export async function downloadResult(
  api: Pick<MagicHourApi, 'project' | 'get'>,
  { kind, id, index }: ResultRef,
  path: string,
  { clock, signal, onProgress }: DownloadControl,
): Promise<DownloadResult> {
  let validator: string | undefined;
  let most = 0;
  let before = 0;
  const download = async (): Promise<DownloadResult> => {
    before = most;
    const project = await api.project(kind, id, signal ? { signal } : {});
    const from = await sizeOf(path);
    before = Math.max(most, from);
    let total: number | undefined;
    return await api.get(resultUrl(project, index), path, {
      ...(signal && { signal }),
      // The partial file may be from an earlier run, but a result never changes.
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
  // Only bytes beyond those of all earlier attempts count as progress, so this ends even if every attempt starts over.
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
