import type { AssetUpload } from '../jobs/ports.ts';
import type { UploadParts } from './sharedUploads.ts';

/** What hashes and sends files is loaded with the first job, not on activation. */
export function createAssetUpload(parts: UploadParts): AssetUpload {
  let loading: Promise<AssetUpload> | undefined;
  const load = () =>
    (loading ??= import('./sharedUploads.ts').then(({ createSharedUploads }) => createSharedUploads(parts)));
  return {
    upload: async (inputs, options) => await (await load()).upload(inputs, options),
    forget: async references => await (await load()).forget(references),
  };
}
