import type { ProjectKind } from '../tools/tool.ts';

/** `GET /v1/account`. Plans are an open set. */
export interface Account {
  readonly id: string;
  readonly tier: string;
  readonly credits: number;
}

export interface UploadItem {
  readonly type: 'image' | 'audio' | 'video';
  /** Lower case, without the dot. */
  readonly extension: string;
}

/** Where the bytes of one file go. `url` is signed: never log or store it. `filePath` is the handle (`api-assets/…`). */
export interface UploadTarget {
  readonly url: string;
  readonly expiresAt: number | undefined;
  readonly filePath: string;
}

export interface Created {
  readonly id: string;
  /** For videos an estimate until the project is complete. */
  readonly creditsCharged: number | undefined;
}

/** Statuses the API documents; any other is read as `other` and waited on. */
export type ProjectStatus = 'draft' | 'queued' | 'rendering' | 'complete' | 'error' | 'canceled' | 'other';

export interface Project {
  readonly id: string;
  readonly status: ProjectStatus;
  /** false: it was deleted. */
  readonly enabled: boolean;
  readonly creditsCharged: number | undefined;
  /** Signed result URLs, empty until complete. Never log or store them. */
  readonly downloads: readonly { readonly url: string; readonly expiresAt: number | undefined }[];
  /** The server's words: untrusted plain text. */
  readonly error: { readonly code: string | undefined; readonly message: string } | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface TransferOptions extends CallOptions {
  /** Bytes of this file moved so far, counted from 0 again at each attempt. */
  readonly onProgress?: (bytes: number) => void;
}

export interface GetOptions extends TransferOptions {
  /** So many bytes are already in the file. Progress counts them. */
  readonly from?: number;
  /** What `onValidator` said when those bytes came: a result that changed since is read from its start. */
  readonly ifRange?: string;
  /** Length of the whole file, once it is known. */
  readonly onLength?: (bytes: number) => void;
  /** What identifies this content (a strong ETag), if the server says. */
  readonly onValidator?: (validator: string) => void;
}

/** A download on disk, flushed. */
export interface Got {
  readonly bytes: number;
  /** As the server named it, lower case and without parameters. */
  readonly mediaType: string | undefined;
}

/**
 * The Magic Hour REST API, one attempt per call: who calls decides what may be tried again.
 * Every method throws `ApiError` (errors.ts), or the signal's reason when aborted.
 */
export interface MagicHourApi {
  /** undefined: this deployment has no such route (404) and cannot tell. */
  account(options?: CallOptions): Promise<Account | undefined>;
  uploadUrls(items: readonly UploadItem[], options?: CallOptions): Promise<readonly UploadTarget[]>;
  /** Never sent twice by itself. `ApiError.details.mayHaveBeenCreated` tells whether a project may exist all the same. */
  create(path: string, body: unknown, options?: CallOptions): Promise<Created>;
  project(kind: ProjectKind, id: string, options?: CallOptions): Promise<Project>;
  /** One that is gone already is no error. */
  deleteProject(kind: ProjectKind, id: string, options?: CallOptions): Promise<void>;
  /** Streams a file from disk to a signed URL with a length and without the key. */
  put(
    url: string,
    file: { readonly path: string; readonly bytes: number; readonly modified?: number },
    options?: TransferOptions,
  ): Promise<void>;
  /**
   * Streams a signed URL into the file at `path`, going on where an earlier attempt ended when the server allows it
   * (`from` bytes are already there). Verifies the length. Says the media type the server gave, if any.
   */
  get(url: string, path: string, options?: GetOptions): Promise<Got>;
  /** Closes idle sockets, and the others when their calls have ended: a create under way is not broken off. */
  dispose(): Promise<void>;
}
