import * as v from 'valibot';
import { assetSourceSchema, draftSchema, valuesSchema } from './draftSchema.ts';
import { jobActions } from './jobAction.ts';
import { suggestedActions } from './message.ts';
import { maxDropBytes, maxReadBytes } from './protocol.ts';

// Not in `protocol.ts`, so that the page gets the types without the schemas and their library.

/** Job IDs are also folder names, so an ID from the page must not lead to another folder. */
export const jobIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/));

/** What the page saves with `setState` on every change, and what the host gets back after a reload or restart. */
export const savedFormSchema = v.object({
  draft: draftSchema,
  /** The page was closed before it sent the draft, so this draft is newer than the host's. */
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
    /** Opens a file dialog for this input. Several files become several rows; an empty `row` adds rows. */
    v.object({ type: v.literal('chooseFile'), row: id, input: id }),
    /** URIs dropped from VS Code. Several become several rows; an empty `row` adds rows. */
    v.object({
      type: v.literal('dropUris'),
      row: id,
      input: id,
      uris: v.array(v.string()),
    }),
    /** A file dropped from the operating system, which gives the page no path. */
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
    /** Starts the jobs, unless they cost more than the credits that the page shows. Response: `SubmitReply`. */
    v.object({ type: v.literal('submit'), draft: draftSchema, credits: v.number() }),
    /** Goes back to the form with the same settings. */
    v.object({ type: v.literal('createAnother') }),
    v.object({
      type: v.literal('job'),
      job: jobIdSchema,
      action: v.picklist(jobActions),
      /** Which of the job's results. */
      index: v.optional(offset, 0),
      /** With `answer`, for a job in the phase `unknown`. For `created`, the host asks which project it is. */
      answer: v.optional(v.picklist(['created', 'createAgain', 'dismiss'])),
    }),
    /** A suggested action for a failure that isn't about a job of the form. */
    v.object({
      type: v.literal('suggestedAction'),
      suggestedAction: v.picklist(suggestedActions),
      job: v.optional(jobIdSchema),
    }),
    v.object({ type: v.literal('savePreset'), name, values: valuesSchema }),
    v.object({ type: v.literal('deletePreset'), name }),
    /** Reads a piece of a file that this form shows. Response: `Uint8Array`, shorter at the end of the file. */
    v.object({
      type: v.literal('readBytes'),
      source: assetSourceSchema,
      from: offset,
      length: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(maxReadBytes)),
    }),
    /** Cuts a clip without re-encoding, to play it. Response: `CutReply`. */
    v.object({ type: v.literal('cutClip'), source: assetSourceSchema, start: seconds, end: seconds }),
    /** A bug in the page, for the log. */
    v.object({ type: v.literal('pageError'), text: v.pipe(v.string(), v.maxLength(20_000)) }),
  ]),
});

export type PageRequest = v.InferOutput<typeof pageRequestSchema>['body'];
export type PageRequestType = PageRequest['type'];
