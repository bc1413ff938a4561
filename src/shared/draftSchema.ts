import * as v from 'valibot';

// Not in `draft.ts`, so that the page gets the types without the schemas and their library.

const text = v.pipe(v.string(), v.maxLength(20_000));
const address = v.pipe(v.string(), v.maxLength(8_000));

export const assetSourceSchema = v.variant('kind', [
  v.object({
    kind: v.literal('file'),
    uri: address,
    library: v.optional(v.object({ url: address, stamp: v.pipe(v.string(), v.maxLength(200)) })),
  }),
  v.object({ kind: v.literal('url'), url: address }),
]);

export const valuesSchema = v.record(v.string(), text);

export const draftSchema = v.object({
  tool: v.pipe(v.string(), v.maxLength(100)),
  /** Each row becomes a job, with its inputs and the clip of its audio. */
  rows: v.pipe(
    v.array(
      v.object({
        id: v.pipe(v.string(), v.maxLength(100)),
        inputs: v.record(v.string(), assetSourceSchema),
        start: text,
        end: text,
      }),
    ),
    v.maxLength(1_000),
  ),
  /** The text of the fields, shared by all rows. */
  values: valuesSchema,
});

/** What was chosen and typed so far. Kept as text so that nothing typed is lost. */
export type Draft = v.InferOutput<typeof draftSchema>;
export type DraftRow = Draft['rows'][number];
