import * as v from 'valibot';

// Not in `draft.ts`, so that the page gets the types without the schemas and their library.

// Texts and rows have no limit here: what can't be submitted must be kept, too, until the user has shortened it.

export const assetSourceSchema = v.variant('kind', [
  v.object({
    kind: v.literal('file'),
    uri: v.string(),
    library: v.optional(v.object({ url: v.string(), stamp: v.pipe(v.string(), v.maxLength(200)) })),
  }),
  v.object({ kind: v.literal('url'), url: v.string() }),
]);

export const valuesSchema = v.record(v.string(), v.string());

export const draftSchema = v.object({
  tool: v.pipe(v.string(), v.maxLength(100)),
  /** Each row becomes a job, with its inputs and the clip of its audio. */
  rows: v.array(
    v.object({
      id: v.pipe(v.string(), v.maxLength(100)),
      inputs: v.record(v.string(), assetSourceSchema),
      start: v.string(),
      end: v.string(),
    }),
  ),
  /** The text of the fields, shared by all rows. */
  values: valuesSchema,
});

/** What was chosen and typed so far. Kept as text so that nothing typed is lost. */
export type Draft = v.InferOutput<typeof draftSchema>;
export type DraftRow = Draft['rows'][number];
