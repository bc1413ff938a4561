import * as v from 'valibot';

// Apart from `draft.ts`, so that the page gets the types without the schemas and their library.

const text = v.pipe(v.string(), v.maxLength(20_000));

export const assetSourceSchema = v.variant('kind', [
  v.object({ kind: v.literal('file'), uri: v.pipe(v.string(), v.maxLength(8_000)) }),
  v.object({ kind: v.literal('url'), url: v.pipe(v.string(), v.maxLength(8_000)) }),
]);

export const valuesSchema = v.record(v.string(), text);

export const draftSchema = v.object({
  tool: v.pipe(v.string(), v.maxLength(100)),
  /** One row makes one job: a headshot's image, a talking photo's image and audio with their clip. */
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
  /** What is typed in the fields, as typed: shared by all rows. */
  values: valuesSchema,
});

/** What a person has chosen and typed so far, as text, so that nothing typed is ever lost. */
export type Draft = v.InferOutput<typeof draftSchema>;
export type DraftRow = Draft['rows'][number];
