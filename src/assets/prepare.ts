import type { AssetPreparation } from '../jobs/ports.ts';
import type { PreparationParts } from './preparation.ts';

/** Loads the code that reads and cuts media with the first job, not on activation. */
export function createAssetPreparation(parts: PreparationParts): AssetPreparation {
  let loading: Promise<AssetPreparation> | undefined;
  return {
    async prepare(tool, request, options) {
      loading ??= import('./preparation.ts').then(({ createPreparation }) => createPreparation(parts));
      return await (await loading).prepare(tool, request, options);
    },
  };
}
