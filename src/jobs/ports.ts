import type { Clock } from '../api/retry.ts';
import type { downloadResult } from '../api/downloadResult.ts';
import type { MagicHourApi } from '../api/types.ts';
import type { Message } from '../shared/message.ts';
import type { AssetKind, Tool } from '../tools/tool.ts';
import type { Clip } from '../tools/request.ts';
import type { JobRequest } from './job.ts';

export type { Clock } from '../api/retry.ts';

/** An input that is ready to use: on the server already, a URL, or a file on this disk. */
export type PreparedInput =
  | { readonly kind: 'reference'; readonly reference: string }
  | {
      readonly kind: 'upload';
      readonly path: string;
      readonly bytes: number;
      /** The modification time of the checked file, in milliseconds since 1970. No other version of it is uploaded. */
      readonly modified?: number;
      /** Identifies the origin of the bytes. Files with the same source have the same bytes. */
      readonly source?: string;
      readonly type: AssetKind;
      readonly extension: string;
    };

export interface PreparedAssets {
  readonly inputs: Readonly<Record<string, PreparedInput>>;
  /** Relative to the file that is uploaded. */
  readonly clip?: Clip;
  /** Removes temporary files (clips, copies of remote files). */
  dispose(): Promise<void>;
}

/** Workspace files that aren't on this disk (`vscode-vfs:`, `memfs:` …), read and written by the editor. */
export interface RemoteFiles {
  stat(uri: string): Promise<{ readonly bytes: number; readonly modified: number } | undefined>;
  copyToDisk(uri: string, path: string): Promise<void>;
  /** Never overwrites a file. Resolves to false if the name is taken. */
  copyFromDisk(path: string, uri: string): Promise<boolean>;
  /** Whether this window can access the file system of `uri`. */
  reaches(uri: string): boolean;
}

/** Checks and cuts inputs. Throws `HumanError` if anything is wrong with one of them. */
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

/** Uploads prepared inputs with one `upload-urls` request. Reuses earlier uploads that the server still has. */
export interface AssetUpload {
  upload(
    inputs: Readonly<Record<string, PreparedInput>>,
    options: { readonly signal: AbortSignal; readonly onProgress: (fraction: number) => void },
  ): Promise<Readonly<Record<string, string>>>;
  /** Call this when the server no longer has these files, so that they are uploaded again next time. */
  forget(references: Iterable<string>): Promise<void>;
}

export interface Log {
  trace(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string | Error): void;
}

export interface JobPorts {
  /** The client with the current key. Throws a `HumanError` with the suggested action `setApiKey` if there is none. */
  readonly api: () => Promise<MagicHourApi>;
  readonly assets: AssetPreparation;
  readonly uploads: AssetUpload;
  readonly remoteFiles: RemoteFiles;
  readonly clock: Clock;
  readonly log: Log;
  /** `magicHour.maxConcurrentJobs`: how many of this window's jobs may check, upload, create, or download at once. */
  readonly maxConcurrentJobs: () => number;
  /** Downloads a result to this disk. Tests replace it; the default is `downloadResult`. */
  readonly download?: typeof downloadResult;
  /** Tells the user something that isn't about a single job. */
  readonly notify?: (message: Message) => void;
}
