import * as v from 'valibot';
import { assetSourceSchema, draftSchema, valuesSchema } from './draftSchema.ts';
import { jobActions } from './jobAction.ts';
import { suggestedActions } from './message.ts';
import { maxDropBytes, maxReadBytes } from './protocol.ts';

// Separate from `protocol.ts`, so that the page gets the types without the schemas and valibot.

/** Job IDs are used as folder names, so an ID from the page must not lead to another folder. */
export const jobIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/));

/** The state that the page saves with `setState` on every change. The host gets it back after a reload or restart. */
export const savedFormSchema = v.object({
  draft: draftSchema,
  /** Set if the page was closed before it sent the draft, which means that this draft is newer than the host's. */
  unsent: v.optional(v.boolean()),
  jobs: v.array(v.object({ id: jobIdSchema, row: v.string() })),
});
export type SavedForm = v.InferOutput<typeof savedFormSchema>;

const id = v.pipe(v.string(), v.maxLength(200));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

export const pageRequestSchema = v.object({
  request: v.number(),
  body: v.variant('type', [
    /** The page is loaded. Response: the complete state. */
    v.object({ type: v.literal('ready') }),
    /** The draft changed. */
    v.object({ type: v.literal('draft'), draft: draftSchema }),
    /** Opens a file dialog for this input. Several files are put into separate rows. An empty `row` adds rows. */
    v.object({ type: v.literal('chooseFile'), row: id, input: id }),
    /** URIs dropped from VS Code. Several URIs are put into separate rows. An empty `row` adds rows. */
    v.object({
      type: v.literal('dropUris'),
      row: id,
      input: id,
      uris: v.array(v.string()),
    }),
    /** A file dropped from the operating system. The page can't get its path. */
    v.object({
      type: v.literal('dropFile'),
      row: id,
      input: id,
      name: v.string(),
      bytes: v.pipe(
        v.instance(Uint8Array),
        v.check(bytes => bytes.length <= maxDropBytes),
      ),
    }),
    /** Starts the jobs, unless they cost more than `credits`, the price shown on the page. Response: `SubmitReply`. */
    v.object({ type: v.literal('submit'), draft: draftSchema, credits: v.number() }),
    /** Returns to the form with the same settings. */
    v.object({ type: v.literal('createAnother') }),
    v.object({
      type: v.literal('job'),
      job: jobIdSchema,
      action: v.picklist(jobActions),
      /** The index of one of the job's results. */
      index: v.optional(offset, 0),
      /**
       * The user's answer, for the action `answer` on a job in the phase `unknown`. For `created`, the host asks which
       * project it is.
       */
      answer: v.optional(v.picklist(['created', 'createAgain', 'dismiss'])),
    }),
    /** A suggested action for a failure that isn't related to one of the form's jobs. */
    v.object({
      type: v.literal('suggestedAction'),
      suggestedAction: v.picklist(suggestedActions),
      job: v.optional(jobIdSchema),
    }),
    v.object({ type: v.literal('savePreset'), name, values: valuesSchema }),
    v.object({ type: v.literal('deletePreset'), name }),
    /** Reads part of a file that this form shows. Response: `Uint8Array`, shorter at the end of the file. */
    v.object({
      type: v.literal('readBytes'),
      source: assetSourceSchema,
      from: offset,
      length: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(maxReadBytes)),
    }),
    /** Cuts a clip without re-encoding, so that the page can play it. Response: `CutReply`. */
    v.object({ type: v.literal('cutClip'), source: assetSourceSchema, start: seconds, end: seconds }),
    /** An unexpected error in the page, to be logged. */
    v.object({ type: v.literal('pageError'), text: v.pipe(v.string(), v.maxLength(20_000)) }),
  ]),
});

export type PageRequest = v.InferOutput<typeof pageRequestSchema>['body'];
export type PageRequestType = PageRequest['type'];
