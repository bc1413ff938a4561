import type { downloadResult } from '../api/downloadResult.ts';
import type { MagicHourApi } from '../api/types.ts';
import type { AssetKind, Tool } from '../tools/tool.ts';
import type { Clip } from '../tools/request.ts';
import type { JobRequest } from './job.ts';

/** An input that is ready to be sent: already at the server (or a URL), or a file on this disk. */
export type PreparedInput =
  | { readonly kind: 'reference'; readonly reference: string }
  | {
      readonly kind: 'upload';
      readonly path: string;
      readonly bytes: number;
      /** When it was checked, in milliseconds since 1970. Nothing else is sent. */
      readonly modified?: number;
      /** What its bytes were made of, the same for the same bytes. */
      readonly source?: string;
      readonly type: AssetKind;
      readonly extension: string;
    };

export interface PreparedAssets {
  readonly inputs: Readonly<Record<string, PreparedInput>>;
  /** Relative to the file that is uploaded. */
  readonly clip?: Clip;
  /** Removes temporary files (cuts, copies of remote files). */
  dispose(): Promise<void>;
}

/** Files of the workspace that are not on this disk (`vscode-vfs:`, `memfs:` …), read and written by the editor. */
export interface RemoteFiles {
  stat(uri: string): Promise<{ readonly bytes: number; readonly modified: number } | undefined>;
  copyToDisk(uri: string, path: string): Promise<void>;
  /** false when something of that name is already there. */
  copyFromDisk(path: string, uri: string): Promise<boolean>;
  /** Can this window reach that file system at all? */
  reaches(uri: string): boolean;
}

/** Checks and cuts. Throws `HumanError` for anything wrong with an input. */
export interface AssetPreparation {
  prepare(
    tool: Tool,
    request: JobRequest,
    options: {
      readonly signal: AbortSignal;
      readonly onPhase: (phase: 'probing' | 'clipping') => Promise<void>;
    },
  ): Promise<PreparedAssets>;
}

/** Sends prepared inputs, the same bytes once within their life on the server, with one upload-urls request. */
export interface AssetUpload {
  upload(
    inputs: Readonly<Record<string, PreparedInput>>,
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ): Promise<Readonly<Record<string, string>>>;
  /** The server no longer knows these files: send them again next time. */
  forget(references: Iterable<string>): Promise<void>;
}

/** Time and chance, so that tests can hold both. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, rejects with the signal's reason when aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
  /** 0 ≤ x < 1, for jitter. */
  random(): number;
}

export interface Log {
  trace(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
}

export interface JobPorts {
  /** The client with the key of now. Throws a `HumanError` with suggestedAction `setApiKey` when there is none. */
  readonly api: () => Promise<MagicHourApi>;
  readonly assets: AssetPreparation;
  readonly uploads: AssetUpload;
  readonly remoteFiles: RemoteFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** `magicHour.maxConcurrentJobs`: jobs of all windows that may check, upload, create or download at once. */
  readonly maxConcurrentJobs: () => number;
  /** How a result gets to this disk; `downloadResult` unless a test has other plans. */
  readonly download?: typeof downloadResult;
}
