import * as v from 'valibot';
import type { AssetInfo, AssetSource } from './asset.ts';
import { assetSourceSchema, draftSchema, valuesSchema, type Draft, type DraftProblem } from './draft.ts';
import { jobActions, type JobAction } from './jobAction.ts';
import { suggestedActions, type Message, type SuggestedAction } from './message.ts';
import type { Phase } from './phase.ts';
import type { StringTable } from './strings/index.ts';

// ── State: what the host knows and the page shows ────────────────────────────────────────────────────────────

/** What the page can show of one input. The key in `FormState.assets` is `sourceKey(source)`. */
export type AssetView =
  | { readonly status: 'reading'; readonly name: string }
  | {
      readonly status: 'ready';
      readonly name: string;
      /** Absent for a URL: only Magic Hour reads it. */
      readonly info?: AssetInfo;
      /**
       * Set where VS Code's page can show or play the format: ask for the bytes (`readBytes`) and make a blob of this
       * type. The page can load no file by address: its resource roots are our own scripts only, and changing them
       * would reload it.
       */
      readonly mediaType?: string;
    }
  | { readonly status: 'problem'; readonly name: string; readonly message: Message };

/** A saved result; its bytes come by `readBytes` too. */
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
  /** The draft row it came from. */
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
  /** Something is in the way just now, and is tried again by itself. */
  readonly trouble?: Message;
  /** Going on costs nothing. */
  readonly resumable: boolean;
  /** What can be done with it, in the order to show; the first one is the primary action. */
  readonly actions: readonly JobAction[];
  readonly projectId?: string;
  readonly results: readonly ResultView[];
  /** The inputs, to compare with the result and to play the clip's sound beside a muted video. */
  readonly inputs: Readonly<Record<string, AssetSource>>;
  readonly clip?: { readonly start: number; readonly end: number };
}

export interface AccountView {
  readonly hasKey: boolean;
  /** undefined: not known. */
  readonly credits?: number;
  /** As the API names it; `free` lacks some choices. undefined: not known. */
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
  /** Jobs of the last submission; empty: the form is being filled in. */
  readonly jobs: readonly FormJob[];
}

/** Job IDs are also folder names, so one from outside must not lead anywhere else. */
export const jobIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/));

/** What the page keeps with `setState` at every change, and what the host gets back after a reload or restart. */
export const savedFormSchema = v.object({
  draft: draftSchema,
  /** The page was torn down before the draft was sent: what is kept here is newer than what the host has. */
  unsent: v.optional(v.boolean()),
  jobs: v.array(v.object({ id: jobIdSchema, row: v.string() })),
});
export type SavedForm = v.InferOutput<typeof savedFormSchema>;

export const sourceKey = (source: AssetSource): string => (source.kind === 'file' ? source.uri : source.url);

// ── From the page to the host: always a request, always answered ─────────────────────────────────────────────

const id = v.pipe(v.string(), v.maxLength(200));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Largest piece of a file the page may ask for at once. */
export const maxReadBytes = 16 * 1024 * 1024;
/** Largest file that can be dropped from outside VS Code, whose bytes travel through the page. */
export const maxDropBytes = 200 * 1024 * 1024;

// Written so that esbuild can leave the schemas out of the page: no property access, no reuse by name.
export const pageRequestSchema = v.object({
  request: v.number(),
  body: v.variant('type', [
    /** The page is there: answer with the whole state. */
    v.object({ type: v.literal('ready') }),
    /** Something was typed or moved. */
    v.object({ type: v.literal('draft'), draft: draftSchema }),
    /** Open a file picker for this input; several files become several rows. An empty `row` adds rows. */
    v.object({ type: v.literal('chooseFile'), row: id, input: id }),
    /** Resources dropped from VS Code, as URIs. Here too several become several rows, and an empty `row` adds. */
    v.object({
      type: v.literal('dropUris'),
      row: id,
      input: id,
      uris: v.pipe(v.array(v.pipe(v.string(), v.maxLength(8_000))), v.maxLength(1_000)),
    }),
    /** A file dropped from the system: the page knows no path, only bytes. */
    v.object({
      type: v.literal('dropFile'),
      row: id,
      input: id,
      name,
      bytes: v.pipe(
        v.instance(Uint8Array),
        v.check(bytes => bytes.length <= maxDropBytes),
      ),
    }),
    /** Pay and run. Answer: `SubmitReply`. */
    v.object({ type: v.literal('submit'), draft: draftSchema }),
    /** Leave progress and result, fill in the form again with the same settings. */
    v.object({ type: v.literal('createAnother') }),
    v.object({
      type: v.literal('job'),
      job: jobIdSchema,
      act: v.picklist(jobActions),
      /** Which of the results. */
      index: v.optional(offset, 0),
      /** With `answer`, to a job in phase `unknown`. For `made` the host asks which project it is. */
      answer: v.optional(v.picklist(['made', 'createAgain', 'giveUp'])),
    }),
    /** A button that helps against a failure. */
    v.object({
      type: v.literal('suggestedAction'),
      suggestedAction: v.picklist(suggestedActions),
      job: v.optional(jobIdSchema),
    }),
    v.object({ type: v.literal('savePreset'), name, values: valuesSchema }),
    v.object({ type: v.literal('deletePreset'), name }),
    /** A piece of a file that is shown in this form. Answer: `Uint8Array`, shorter at the end of the file. */
    v.object({
      type: v.literal('readBytes'),
      source: assetSourceSchema,
      from: offset,
      length: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(maxReadBytes)),
    }),
    /** The clip cut out without re-encoding, to play it. Answer: `CutReply`. */
    v.object({ type: v.literal('cutClip'), source: assetSourceSchema, start: seconds, end: seconds }),
    /** A bug in the page, for the log. */
    v.object({ type: v.literal('pageError'), text: v.pipe(v.string(), v.maxLength(20_000)) }),
  ]),
});

export type PageRequest = v.InferOutput<typeof pageRequestSchema>['body'];
export type PageRequestType = PageRequest['type'];

export type SubmitReply =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly problems: readonly DraftProblem[] };

export interface CutReply {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  /** Where in the recording the cut begins, in seconds: at or a little before the asked start. */
  readonly start: number;
}

/** What each request is answered with; the others are answered with nothing once they are done. */
export interface PageReplies {
  readonly ready: FormState;
  readonly submit: SubmitReply;
  readonly readBytes: Uint8Array;
  readonly cutClip: CutReply;
}
export type ReplyTo<T extends PageRequestType> = T extends keyof PageReplies ? PageReplies[T] : void;

// ── From the host to the page ────────────────────────────────────────────────────────────────────────────────

export type HostMessage =
  /** The answer to a request. A failure is a message for people. */
  | { readonly type: 'reply'; readonly request: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly request: number; readonly message: Message }
  /** Parts of the state that changed. */
  | { readonly type: 'state'; readonly state: Partial<FormState> };
