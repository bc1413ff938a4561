import { facts } from './facts.ts';

export type { AssetType } from './facts.ts';

/** The extensions the API takes for each kind of file (`POST /v1/files/upload-urls`). */
export const EXTENSIONS = facts.extensions;
