import type { CallOptions, MagicHourApi, UploadItem, UploadTarget } from '../api/types.ts';

/** Long enough for jobs that start together to meet, too short to be felt. */
const window = 1;

interface Call {
  readonly items: readonly UploadItem[];
  readonly signal: AbortSignal | undefined;
  readonly resolve: (targets: readonly UploadTarget[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Asks for upload URLs in groups: calls that come within a moment share one request. A caller that goes away does not
 * disturb the others; the request is aborted when nobody wants it any more.
 */
export function batchUploadUrls(
  api: () => Promise<Pick<MagicHourApi, 'uploadUrls'>>,
): MagicHourApi['uploadUrls'] {
  let waiting: Call[] = [];

  async function flush(): Promise<void> {
    const calls = waiting.filter(call => !call.signal?.aborted);
    waiting = [];
    if (calls.length === 0) return;
    const abort = new AbortController();
    const abortIfUnwanted = () => {
      if (calls.every(call => call.signal?.aborted)) abort.abort();
    };
    for (const { signal } of calls) signal?.addEventListener('abort', abortIfUnwanted);
    try {
      const items = calls.flatMap(call => call.items);
      const targets = await (await api()).uploadUrls(items, { signal: abort.signal });
      let at = 0;
      for (const call of calls) call.resolve(targets.slice(at, (at += call.items.length)));
    } catch (error) {
      for (const call of calls) call.reject(error);
    } finally {
      for (const { signal } of calls) signal?.removeEventListener('abort', abortIfUnwanted);
    }
  }

  return (items, { signal }: CallOptions = {}) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      if (waiting.push({ items, signal, resolve, reject }) === 1) setTimeout(() => void flush(), window);
    });
}
