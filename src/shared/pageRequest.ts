import * as v from 'valibot';
import { assetSourceSchema, draftSchema, valuesSchema } from './draftSchema.ts';
import { jobActions } from './jobAction.ts';
import { suggestedActions } from './message.ts';
import { maxDropBytes, maxReadBytes } from './protocol.ts';

// Apart from `protocol.ts`, so that the page gets the types without the schemas and their library.

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

const id = v.pipe(v.string(), v.maxLength(200));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const seconds = v.pipe(v.number(), v.finite(), v.minValue(0));
const offset = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

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
