import { createHash } from 'node:crypto';
import { openRegularFile } from '../api/regularFile.ts';
import { type Clock, retrying } from '../api/retry.ts';
import type { MagicHourApi, UploadTarget } from '../api/types.ts';
import type { AssetUpload, PreparedInput } from '../jobs/ports.ts';

type InputFile = PreparedInput & { readonly kind: 'upload' };
type OnProgress = (bytes: number) => void;

/** A file that's being uploaded or already on the server. */
interface Upload {
  readonly file: InputFile;
  /** Identifies the account and the server. */
  readonly client: MagicHourApi;
  readonly startedAt: number;
  readonly abort: AbortController;
  /** Progress callbacks of the jobs that are waiting for this upload. */
  readonly waiting: Set<OnProgress>;
  readonly done: Promise<string>;
  bytes: number;
  /** The handle (`api-assets/…`), set once the file is uploaded. */
  reference?: string;
}

export interface UploadOptions {
  readonly api: () => Promise<MagicHourApi>;
  readonly clock: Clock;
}

/** The server keeps files for 7 days, and a job must read its files before then. */
const reusableFor = 6 * 24 * 3600_000;
const attempts = 5;

/**
 * Uploads the inputs of jobs. A window uploads the same bytes only once: concurrent jobs wait for the same upload, and
 * later jobs reuse its handle. Each job requests its own URLs, so that a file that the server rejects doesn't fail
 * other jobs.
 */
export function createAssetUpload({ api, clock }: UploadOptions): AssetUpload {
  const uploads = new Set<Upload>();
  const hashes = new WeakMap<InputFile, Promise<string | undefined>>();

  /**
   * Returns the SHA-256 hash, or undefined if the file is gone or has changed. Computed only for files that could be
   * identical.
   */
  const hashOf = (file: InputFile): Promise<string | undefined> => {
    const hash = hashes.get(file) ?? hashFile(file).catch(() => undefined);
    hashes.set(file, hash);
    return hash;
  };

  /** Uploads that could contain the same bytes. */
  function candidates(client: MagicHourApi, file: InputFile): Upload[] {
    return [...uploads].filter(upload => {
      const age = clock.now() - upload.startedAt;
      return (
        upload.client === client &&
        upload.file.bytes === file.bytes &&
        upload.file.type === file.type &&
        upload.file.extension === file.extension &&
        age >= 0 &&
        age < reusableFor
      );
    });
  }

  /** Starts uploading files, with one request for their URLs. */
  function start(client: MagicHourApi, files: readonly InputFile[]): ReadonlyMap<InputFile, Upload> {
    const started = new Map<InputFile, Upload>();
    const all = new AbortController();
    const requestUrls = (
      wanted: readonly InputFile[],
      signal: AbortSignal,
    ): Promise<readonly UploadTarget[]> => client.uploadUrls(wanted, { signal });
    const first = files.length === 0 ? undefined : requestUrls(files, all.signal);
    first?.catch(() => undefined);
    for (const [index, file] of files.entries()) {
      const abort = new AbortController();
      const { signal } = abort;
      signal.addEventListener('abort', () => {
        if ([...started.values()].every(upload => upload.abort.signal.aborted)) all.abort(signal.reason);
      });
      const report = (bytes: number): void => {
        upload.bytes = bytes;
        for (const onProgress of upload.waiting) onProgress(bytes);
      };
      const send = async (attempt: number): Promise<string> => {
        // Retries request a new URL, because the first one may have expired.
        const target = attempt === 0 ? (await first)?.[index] : (await requestUrls([file], signal))[0];
        if (!target) throw new Error('No upload URL for a file');
        signal.throwIfAborted();
        report(0);
        await client.put(target.url, file, { signal, onProgress: report });
        upload.reference = target.filePath;
        return target.filePath;
      };
      const done = retrying(send, { attempts, clock, signal }).catch((error: unknown) => {
        uploads.delete(upload);
        throw error;
      });
      done.catch(() => undefined);
      const upload: Upload = {
        file,
        client,
        startedAt: clock.now(),
        abort,
        waiting: new Set(),
        done,
        bytes: 0,
      };
      uploads.add(upload);
      started.set(file, upload);
    }
    return started;
  }

  /** Waits for an upload. The upload is aborted when no job waits for it anymore. */
  async function wait(upload: Upload, signal: AbortSignal, onProgress: OnProgress): Promise<string> {
    upload.waiting.add(onProgress);
    onProgress(upload.bytes);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    const leave = (): void => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    try {
      return await Promise.race([upload.done, aborted]);
    } finally {
      signal.removeEventListener('abort', leave);
      upload.waiting.delete(onProgress);
      if (upload.waiting.size === 0 && upload.reference === undefined) {
        uploads.delete(upload);
        upload.abort.abort(signal.reason);
      }
    }
  }

  /**
   * Finds uploads of the same bytes and starts those that are missing. Returns a function that waits for one of the
   * files.
   */
  async function startMissing(
    client: MagicHourApi,
    files: readonly InputFile[],
    signal: AbortSignal,
    onProgress: (file: InputFile, bytes: number) => void,
  ): Promise<(file: InputFile) => Promise<string>> {
    const shared = new Map<InputFile, Upload>();
    const compared = new Map(files.map(file => [file, new Set<Upload>()]));
    const unknown = (file: InputFile): Upload[] =>
      shared.has(file) ? [] : candidates(client, file).filter(upload => !compared.get(file)?.has(upload));
    const compare = async (file: InputFile): Promise<void> => {
      const same = unknown(file).find(
        upload => file.source !== undefined && upload.file.source === file.source,
      );
      if (same) shared.set(file, same);
      for (const upload of unknown(file)) {
        compared.get(file)?.add(upload);
        const [one, other] = await Promise.all([hashOf(file), hashOf(upload.file)]);
        if (one === undefined || one !== other) continue;
        shared.set(file, upload);
        return;
      }
    };
    // Other jobs may start uploads during the comparison, so check again. Nothing is awaited after the last check.
    while (files.some(file => unknown(file).length > 0)) {
      await Promise.all(files.map(compare));
      signal.throwIfAborted();
    }
    const started = start(
      client,
      files.filter(file => !shared.has(file)),
    );
    return async file => {
      const upload = shared.get(file) ?? started.get(file);
      if (!upload) throw new Error('No upload for this file');
      try {
        return await wait(upload, signal, bytes => onProgress(file, bytes));
      } catch (error) {
        signal.throwIfAborted();
        if (!shared.has(file)) throw error;
        // The shared upload may have failed for a reason specific to the other job, such as a deleted file.
        return await (await startMissing(client, [file], signal, onProgress))(file);
      }
    };
  }

  return {
    async upload(inputs, { signal, onProgress }) {
      signal.throwIfAborted();
      const entries = Object.entries(inputs);
      const files = entries.flatMap(([, input]) => (input.kind === 'upload' ? [input] : []));
      const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
      const sent = new Map<InputFile, number>();
      const report = (file: InputFile, bytes: number): void => {
        sent.set(file, bytes);
        if (total > 0)
          onProgress(Math.min(1, [...sent.values()].reduce((sum, each) => sum + each, 0) / total));
      };
      const stop = new AbortController();
      try {
        const either = AbortSignal.any([signal, stop.signal]);
        const send = await startMissing(await api(), files, either, report);
        const references = entries.map(
          async ([id, input]) =>
            [id, input.kind === 'reference' ? input.reference : await send(input)] as const,
        );
        return Object.fromEntries(await Promise.all(references));
      } finally {
        // If one input has failed, the job doesn't need the others.
        stop.abort();
      }
    },

    forget(references) {
      const forgotten = new Set(references);
      for (const upload of uploads)
        if (upload.reference !== undefined && forgotten.has(upload.reference)) uploads.delete(upload);
      return Promise.resolve();
    },
  };
}

async function hashFile({ path, bytes, modified }: InputFile): Promise<string | undefined> {
  const handle = await openRegularFile(path);
  try {
    const hash = createHash('sha256');
    const chunk = Buffer.allocUnsafe(256 * 1024);
    for (let read = await handle.read(chunk); read.bytesRead > 0; read = await handle.read(chunk))
      hash.update(chunk.subarray(0, read.bytesRead));
    const { size, mtimeMs } = await handle.stat();
    const isUnchanged = size === bytes && (modified === undefined || mtimeMs === modified);
    return isUnchanged ? hash.digest('hex') : undefined;
  } finally {
    await handle.close();
  }
}
