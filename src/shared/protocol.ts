import type { AssetInfo, AssetSource } from './asset.ts';
import type { Draft, DraftProblem } from './draft.ts';
import type { JobAction } from './jobAction.ts';
import type { Message, SuggestedAction } from './message.ts';
import type { PageRequest, PageRequestType, SavedForm } from './pageRequest.ts';
import type { Phase } from './phase.ts';
import type { StringTable } from './strings/index.ts';

export type { PageRequest, PageRequestType, SavedForm };

// ── State: kept by the host and shown by the page ────────────────────────────────────────────────────────────

/** An input as the page shows it. The key in `FormState.assets` is `sourceKey(source)`. */
export type AssetView =
  | { readonly status: 'reading'; readonly name: string }
  | {
      readonly status: 'ready';
      readonly name: string;
      /** Absent for a URL, because only Magic Hour downloads it. */
      readonly info?: AssetInfo;
      /**
       * Present if the page can show or play the format. The page requests the bytes (`readBytes`) and creates a blob
       * of this type. It can't load files by URL, because the webview's resource roots contain only our own scripts,
       * and changing them would reload the page.
       */
      readonly mediaType?: string;
      /**
       * The bytes of a small image in base64. Present only in the HTML of a new page, so that the page can show the
       * image without a request.
       */
      readonly content?: string;
    }
  | { readonly status: 'problem'; readonly name: string; readonly message: Message };

/** A saved result. The page also gets its bytes through `readBytes`. */
export interface ResultView {
  readonly name: string;
  readonly source: AssetSource;
  readonly bytes: number;
  readonly mediaType: string;
  readonly kind: 'image' | 'video';
}

/** One of this form's jobs, as the page shows it. */
export interface FormJob {
  readonly id: string;
  /** The draft row that the job was created from. */
  readonly row: string;
  /** Name of the first input. */
  readonly title: string;
  readonly phase: Phase;
  readonly fraction?: number;
  readonly createdAt: number;
  readonly createdOnServerAt?: number;
  readonly medianSeconds: number;
  readonly estimate: number;
  readonly charged?: number;
  readonly failure?: {
    readonly message: Message;
    readonly serverWords?: string;
    readonly suggestedAction?: SuggestedAction;
  };
  readonly blocked?: { readonly message: Message; readonly suggestedAction: SuggestedAction };
  /** The current error, if the job is being retried automatically. */
  readonly trouble?: Message;
  /** Whether the job can be resumed for free. */
  readonly resumable: boolean;
  /** The available actions, in the order to show them. The first one is the primary action. */
  readonly actions: readonly JobAction[];
  readonly projectId?: string;
  readonly results: readonly ResultView[];
  /** For comparing with the result and for playing the clip along with a silent video. */
  readonly inputs: Readonly<Record<string, AssetSource>>;
  readonly clip?: { readonly start: number; readonly end: number };
}

export interface AccountView {
  readonly hasKey: boolean;
  /** undefined if unknown. */
  readonly credits?: number;
  /** The API's name for the plan, or undefined if unknown. Some choices aren't available on `free`. */
  readonly plan?: string;
}

export interface Preset {
  readonly name: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface FormState {
  readonly locale: string;
  readonly strings: StringTable;
  readonly draft: Draft;
  readonly assets: Readonly<Record<string, AssetView>>;
  readonly account: AccountView;
  readonly presets: readonly Preset[];
  /** The jobs of the last submission. Empty while the form is being filled in. */
  readonly jobs: readonly FormJob[];
}

export const sourceKey = (source: AssetSource): string => (source.kind === 'file' ? source.uri : source.url);

// ── Requests from the page to the host, each with a response ─────────────────────────────────────────────────

/** The most bytes of a file that the page can request at once. */
export const maxReadBytes = 16 * 1024 * 1024;
/**
 * The size in bytes of the largest file that can be dropped from outside VS Code. Its bytes are sent through the page.
 */
export const maxDropBytes = 200 * 1024 * 1024;

export type SubmitReply =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly problems: readonly DraftProblem[] };

export interface CutReply {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Where the cut starts in the audio file, in seconds: at or a little before the requested start. */
  readonly start: number;
}

/** The responses to requests. Requests that aren't listed get an empty response when they're done. */
export interface PageReplies {
  readonly ready: FormState;
  readonly submit: SubmitReply;
  readonly readBytes: Uint8Array;
  readonly cutClip: CutReply;
}
export type ReplyTo<T extends PageRequestType> = T extends keyof PageReplies ? PageReplies[T] : void;

// ── Messages from the host to the page ───────────────────────────────────────────────────────────────────────

export type HostMessage =
  /** The response to a request. If the request fails, the response is a message to show. */
  | { readonly type: 'reply'; readonly request: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly request: number; readonly message: Message }
  /** Parts of the state that changed. */
  | { readonly type: 'state'; readonly state: Partial<FormState> };
