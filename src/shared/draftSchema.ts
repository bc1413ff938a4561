import * as v from 'valibot';

// Separate from `draft.ts`, so that the page gets the types without the schemas and valibot.

// Text and rows have no limits here, because a draft that's too long to submit must be kept until the user shortens it.

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
  /** Each row becomes a job with its own inputs and clip. */
  rows: v.array(
    v.object({
      id: v.pipe(v.string(), v.maxLength(100)),
      inputs: v.record(v.string(), assetSourceSchema),
      start: v.string(),
      end: v.string(),
    }),
  ),
  /** The text entered in the fields, which applies to all rows. */
  values: valuesSchema,
});

/** The current contents of a form. Values are kept as text, so that nothing the user typed is lost. */
export type Draft = v.InferOutput<typeof draftSchema>;
export type DraftRow = Draft['rows'][number];
