import type { ProjectKind } from '../tools/tool.ts';

/** `GET /v1/account`. There may be plans that we don't know. */
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

/** Where one file is uploaded. `url` is signed: never log or store it. `filePath` is the handle (`api-assets/…`). */
export interface UploadTarget {
  readonly url: string;
  readonly expiresAt: number | undefined;
  readonly filePath: string;
}

export interface Created {
  readonly id: string;
  /** For videos, an estimate until the project is complete. */
  readonly creditsCharged: number | undefined;
}

/** The statuses that the API documents. Any other becomes `other`, which means to keep polling. */
export type ProjectStatus = 'draft' | 'queued' | 'rendering' | 'complete' | 'error' | 'canceled' | 'other';

export interface Project {
  readonly id: string;
  readonly status: ProjectStatus;
  /** false: it has been deleted. */
  readonly enabled: boolean;
  readonly creditsCharged: number | undefined;
  /** Signed result URLs, empty until complete. Never log or store them. */
  readonly downloads: readonly { readonly url: string; readonly expiresAt: number | undefined }[];
  /** The server's message: untrusted plain text. */
  readonly error: { readonly code: string | undefined; readonly message: string } | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface TransferOptions extends CallOptions {
  /** Bytes of this file transferred so far. Each attempt starts from 0. */
  readonly onProgress?: (bytes: number) => void;
}

export interface GetOptions extends TransferOptions {
  /** Bytes that are already in the file. Progress includes them. */
  readonly from?: number;
  /** What `onValidator` was called with for those bytes: if the result has changed since, it's downloaded from the start. */
  readonly ifRange?: string;
  /** Length of the complete file, once it's known. */
  readonly onLength?: (bytes: number) => void;
  /** Identifies this content (a strong ETag), if the server sends one. */
  readonly onValidator?: (validator: string) => void;
}

/** A complete download, flushed to the disk. */
export interface DownloadResult {
  readonly bytes: number;
  /** As given by the server, in lower case and without parameters. */
  readonly mediaType: string | undefined;
}

/**
 * The Magic Hour REST API, one attempt per call. The caller decides about retries.
 * Every method throws `ApiError` (errors.ts), or the signal's reason when aborted.
 */
export interface MagicHourApi {
  /** undefined: unknown, because this deployment has no such route (404). */
  account(options?: CallOptions): Promise<Account | undefined>;
  uploadUrls(items: readonly UploadItem[], options?: CallOptions): Promise<readonly UploadTarget[]>;
  /**
   * Never retried by the client. After an error, `ApiError.details.mayHaveBeenCreated` says whether a project may exist
   * anyway.
   */
  create(path: string, body: unknown, options?: CallOptions): Promise<Created>;
  project(kind: ProjectKind, id: string, options?: CallOptions): Promise<Project>;
  /** It's no error if the project doesn't exist. */
  deleteProject(kind: ProjectKind, id: string, options?: CallOptions): Promise<void>;
  /** Streams a file from disk to a signed URL, with its length and without the key. */
  put(
    url: string,
    file: { readonly path: string; readonly bytes: number; readonly modified?: number },
    options?: TransferOptions,
  ): Promise<void>;
  /**
   * Streams a signed URL into the file at `path`. Resumes after `from` bytes of an earlier attempt if the server allows
   * it. Verifies the length.
   */
  get(url: string, path: string, options?: GetOptions): Promise<DownloadResult>;
  /** Closes idle sockets, and the others when their calls have ended, so that a create request isn't interrupted. */
  dispose(): Promise<void>;
}
