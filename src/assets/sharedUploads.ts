import type { MagicHourApi } from '../api/types.ts';
import type { AssetUpload, Clock, Log, PreparedInput } from '../jobs/ports.ts';
import { Uploads } from './uploadOnce.ts';
import { sendFile, type SendFile } from './sendFile.ts';

export interface UploadParts {
  readonly api: () => Promise<MagicHourApi>;
  /** Where uploads are remembered; made when it is needed, shared by all windows. */
  readonly folder: string;
  /** What tells accounts apart: the API key, of which only a salted hash is kept. undefined: nothing is remembered. */
  readonly account: () => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  /** How a single file is sent, with its retries. */
  readonly send?: SendFile;
}

/** Sends the inputs of jobs side by side, the same bytes once. */
export function createSharedUploads(parts: UploadParts): AssetUpload {
  const uploads = new Uploads({ ...parts, send: parts.send ?? sendFile(parts.api, parts.clock) });

  return {
    async upload(inputs, { signal, onProgress }) {
      const files = Object.entries(inputs);
      const total = files.reduce((sum, [, input]) => sum + bytesOf(input), 0);
      const sent = new Map<string, number>();
      const tell = (id: string, bytes: number) => {
        sent.set(id, bytes);
        if (total > 0)
          onProgress(Math.min(1, [...sent.values()].reduce((sum, each) => sum + each, 0) / total));
      };
      // When one input fails the others need not go on: the job is over.
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const results = await Promise.allSettled(
        files.map(async ([id, input]) => {
          try {
            if (input.kind === 'reference') return [id, input.reference] as const;
            const reference = await uploads.get(input, {
              signal: either,
              onProgress: bytes => tell(id, bytes),
            });
            tell(id, input.bytes);
            return [id, reference] as const;
          } catch (error) {
            if (!stop.signal.aborted) stop.abort(error);
            throw error;
          }
        }),
      );
      signal.throwIfAborted();
      if (stop.signal.aborted) throw stop.signal.reason;
      return Object.fromEntries(
        results.flatMap(result => (result.status === 'fulfilled' ? [result.value] : [])),
      );
    },
    forget: references => uploads.forget(new Set(references)),
  };
}

const bytesOf = (input: PreparedInput): number => (input.kind === 'upload' ? input.bytes : 0);
