import type { AssetPreparation } from '../jobs/ports.ts';
import type { PreparationDependencies } from './preparation.ts';

/** Loads the code that reads and cuts media when the first job runs, not on activation. */
export function createAssetPreparation(dependencies: PreparationDependencies): AssetPreparation {
  let loading: Promise<AssetPreparation> | undefined;
  return {
    async prepare(tool, request, options) {
      loading ??= import('./preparation.ts').then(({ createPreparation }) => createPreparation(dependencies));
      return await (await loading).prepare(tool, request, options);
    },
  };
}
