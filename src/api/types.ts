import type { ProjectKind } from '../tools/tool.ts';

/** The response of `GET /v1/account`. `tier` may be a plan that we don't know. */
export interface Account {
  readonly id: string;
  readonly tier: string;
  readonly credits: number;
}

export interface UploadItem {
  readonly type: 'image' | 'audio' | 'video';
  /** In lowercase, without the dot. */
  readonly extension: string;
}

/** Where to upload one file. `url` is signed: never log or store it. `filePath` is the handle (`api-assets/…`). */
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

/** The statuses that the API documents. Any other status becomes `other`, so that polling continues. */
export type ProjectStatus = 'draft' | 'queued' | 'rendering' | 'complete' | 'error' | 'canceled' | 'other';

export interface Project {
  readonly id: string;
  readonly status: ProjectStatus;
  /** False if the project has been deleted. */
  readonly enabled: boolean;
  readonly creditsCharged: number | undefined;
  /** The signed URLs of the results. Empty until the project is complete. Never log or store them. */
  readonly downloads: readonly { readonly url: string; readonly expiresAt: number | undefined }[];
  /** The server's message: untrusted plain text. */
  readonly error: { readonly code: string | undefined; readonly message: string } | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface TransferOptions extends CallOptions {
  /** Called with the number of bytes of this file transferred so far. Each attempt starts from 0. */
  readonly onProgress?: (bytes: number) => void;
}

export interface GetOptions extends TransferOptions {
  /** The number of bytes that are already in the file. Progress includes them. */
  readonly from?: number;
  /** The validator of those bytes (see `onValidator`). If the result has changed since, the download starts over. */
  readonly ifRange?: string;
  /** Called with the length of the complete file, once it's known. */
  readonly onLength?: (bytes: number) => void;
  /** Called with a strong ETag, which identifies this content, if the server sends one. */
  readonly onValidator?: (validator: string) => void;
}

/** A complete download, flushed to the disk. */
export interface DownloadResult {
  readonly bytes: number;
  /** As sent by the server, but in lowercase and without parameters. */
  readonly mediaType: string | undefined;
}

/**
 * The Magic Hour REST API. Each call is a single attempt, and the caller decides whether to retry.
 * Every method throws `ApiError` (errors.ts), or the signal's reason when aborted.
 */
export interface MagicHourApi {
  /** Resolves to undefined if unknown, for example because this deployment has no such route (404). */
  account(options?: CallOptions): Promise<Account | undefined>;
  uploadUrls(items: readonly UploadItem[], options?: CallOptions): Promise<readonly UploadTarget[]>;
  /**
   * Never retried by the client. After an error, `ApiError.details.mayHaveBeenCreated` says whether a project may exist
   * anyway.
   */
  create(path: string, body: unknown, options?: CallOptions): Promise<Created>;
  project(kind: ProjectKind, id: string, options?: CallOptions): Promise<Project>;
  /** Succeeds if the project doesn't exist. */
  deleteProject(kind: ProjectKind, id: string, options?: CallOptions): Promise<void>;
  /** Streams a file from disk to a signed URL, with its length and without the key. */
  put(
    url: string,
    file: { readonly path: string; readonly bytes: number; readonly modified?: number },
    options?: TransferOptions,
  ): Promise<void>;
  /**
   * Downloads a signed URL to the file at `path`. Resumes after the first `from` bytes, which are from an earlier
   * attempt, if the server supports that. Verifies the length.
   */
  get(url: string, path: string, options?: GetOptions): Promise<DownloadResult>;
  /** Closes idle sockets now and others after their calls have ended, so that a create request isn't interrupted. */
  dispose(): Promise<void>;
}
