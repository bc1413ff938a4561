import { stat } from 'node:fs/promises';
import type { ProjectKind } from '../tools/tool.ts';
import { ApiError } from './errors.ts';
import { type Clock, retrying } from './retry.ts';
import type { Got, MagicHourApi, Project, UploadItem, UploadTarget } from './types.ts';

const attempts = 5;

export interface UploadFile extends UploadItem {
  readonly path: string;
  readonly bytes: number;
}

export interface TransferControl {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

export interface UploadControl extends TransferControl {
  /** Bytes of all files that are on their way or there; an attempt that fails takes its bytes back. */
  readonly onProgress?: (bytes: number, total: number) => void;
}

/**
 * Uploads files side by side: one request for all addresses, then a PUT each. A PUT that fails gets a fresh address and
 * a fresh body. Returns the handles (`api-assets/…`) in order. When one file fails for good the others are broken off,
 * and its `ApiError` is thrown.
 */
export async function uploadFiles(
  api: Pick<MagicHourApi, 'uploadUrls' | 'put'>,
  files: readonly UploadFile[],
  { clock, signal, onProgress }: UploadControl,
): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const stop = new AbortController();
  const abort = (): void => stop.abort(signal?.reason);
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });

  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const moved = files.map(() => 0);
  const progress = (index: number, bytes: number): void => {
    moved[index] = bytes;
    onProgress?.(
      moved.reduce((sum, each) => sum + each, 0),
      total,
    );
  };
  const addresses = (items: readonly UploadFile[]): Promise<readonly UploadTarget[]> =>
    retrying(() => api.uploadUrls(items, { signal: stop.signal }), { attempts, clock, signal: stop.signal });

  const upload = async (
    file: UploadFile,
    index: number,
    first: UploadTarget | undefined,
  ): Promise<string> => {
    const send = async (attempt: number): Promise<string> => {
      const target = attempt === 0 && first ? first : (await addresses([file]))[0];
      if (!target) throw new Error('An address was promised for each file.');
      progress(index, 0);
      await api.put(target.url, file, {
        signal: stop.signal,
        onProgress: bytes => progress(index, bytes),
      });
      return target.filePath;
    };
    return retrying(send, { attempts, clock, signal: stop.signal });
  };

  try {
    const targets = await addresses(files);
    const uploads = files.map((file, index) => upload(file, index, targets[index]));
    // The first failure breaks off the others; all have let go of their files before it is thrown.
    for (const each of uploads) each.catch((error: unknown) => stop.abort(error));
    const outcomes = await Promise.allSettled(uploads);
    if (stop.signal.aborted) throw stop.signal.reason;
    return outcomes.flatMap(outcome => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

export interface DownloadControl extends TransferControl {
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
