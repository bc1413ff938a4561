import type { MagicHourApi } from '../api/types.ts';
import type { Clock, PreparedInput } from '../jobs/ports.ts';
import { batchUploadUrls } from './urlBatch.ts';

/** Sends one file, trying again where that helps, and says its handle (`api-assets/…`). */
export type SendFile = (
  file: PreparedInput & { readonly kind: 'upload' },
  options: { readonly signal: AbortSignal; readonly onProgress: (bytes: number) => void },
) => Promise<string>;

/** Files that are sent at the same time share one upload-urls request. */
export function sendFile(api: () => Promise<MagicHourApi>, clock: Clock): SendFile {
  const uploadUrls = batchUploadUrls(api);
  return async (file, { signal, onProgress }) => {
    const { uploadFiles } = await import('../api/transfers.ts');
    const client = await api();
    const [filePath] = await uploadFiles({ uploadUrls, put: client.put.bind(client) }, [file], {
      clock,
      signal,
      onProgress,
    });
    if (filePath === undefined) throw new Error('An upload without a file path');
    return filePath;
  };
}
