import { facts } from './facts.ts';

export type { AssetType } from './facts.ts';

/** The extensions that the API supports for each kind of file (`POST /v1/files/upload-urls`). */
export const EXTENSIONS = facts.extensions;
