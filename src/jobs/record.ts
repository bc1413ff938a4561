import * as v from 'valibot';
import { strings } from '../shared/strings/index.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { assetSourceSchema } from '../shared/draftSchema.ts';
import { suggestedActions } from '../shared/message.ts';
import { phases } from '../shared/phase.ts';
import { findTool } from '../tools/index.ts';
import type { Job } from './job.ts';

/** A job as it lies on disk: with who works on it, and the marks of its latest writes. */
export interface JobRecord extends Job {
  readonly revision: number;
  /** Whose work this is. Another window may take over once that window is gone; each claim has its own mark. */
  readonly owner?: { readonly window: string; readonly claim: string };
  /** Marks of the last writes, so that a writer who was overtaken can tell that its write came first. */
  readonly writes: readonly string[];
}

const text = v.pipe(v.string(), v.maxLength(20_000));
const short = v.pipe(v.string(), v.maxLength(500));
const time = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const credits = v.pipe(v.number(), v.finite());
const clip = v.object({ start: time, end: time });
/** A record of another version may name a text that this one does not have. */
const message = v.object({
  key: v.pipe(
    short,
    v.transform((key): StringKey => (key in strings ? (key as StringKey) : 'error.unexpected')),
  ),
  args: v.optional(v.record(v.string(), v.union([text, v.number()]))),
});

const request = v.looseObject({
  tool: short,
  inputs: v.record(v.string(), assetSourceSchema),
  values: v.record(v.string(), v.union([text, v.number()])),
  clip: v.optional(clip),
  trim: v.boolean(),
  estimate: v.object({ credits, exact: v.boolean() }),
  folder: text,
  stem: text,
});

const record = v.looseObject({
  schema: v.literal(1),
  id: v.pipe(v.string(), v.regex(/^[\w-]{1,80}$/)),
  batch: short,
  createdAt: time,
  updatedAt: time,
  phase: v.picklist(phases),
  request,
  approval: count,
  posts: count,
  refusals: count,
  references: v.optional(v.record(v.string(), text)),
  uploadedAt: v.optional(time),
  uploadedClip: v.optional(clip),
  uploadedAgain: v.optional(v.boolean()),
  projectId: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
  creditsCharged: v.optional(credits),
  createdOnServerAt: v.optional(time),
  waitingSince: v.optional(time),
  endedAt: v.optional(time),
  deletedOnServer: v.optional(v.boolean()),
  placing: v.optional(v.object({ index: count, uri: text, bytes: count, stamp: v.optional(short) })),
  results: v.array(text),
  failure: v.optional(
    v.looseObject({
      message,
      suggestedAction: v.optional(v.fallback(v.optional(v.picklist(suggestedActions)), undefined)),
      status: v.optional(v.number()),
      code: v.optional(short),
      serverWords: v.optional(text),
      resumable: v.boolean(),
    }),
  ),
  blocked: v.optional(
    v.looseObject({ message, suggestedAction: v.fallback(v.picklist(suggestedActions), 'setApiKey') }),
  ),
  stopRequested: v.optional(v.boolean()),
  revision: count,
  owner: v.optional(v.object({ window: short, claim: short })),
  writes: v.array(short),
});

export type ReadRecord =
  | { readonly kind: 'job'; readonly job: JobRecord }
  /** Written by a later version of the extension: not ours to touch. */
  | { readonly kind: 'newer' }
  | { readonly kind: 'damaged' };

/** Never throws, whatever the text is. */
export function parseRecord(textOfFile: string): ReadRecord {
  let value: unknown;
  try {
    value = JSON.parse(textOfFile);
  } catch {
    return { kind: 'damaged' };
  }
  const schema = (value as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > 1) return { kind: 'newer' };
  const parsed = v.safeParse(record, value);
  // Its tool is one that this version does not have.
  if (parsed.success && !findTool(parsed.output.request.tool)) return { kind: 'newer' };
  return parsed.success ? { kind: 'job', job: parsed.output } : { kind: 'damaged' };
}

export const serializeRecord = (job: JobRecord): string => `${JSON.stringify(job, undefined, 1)}\n`;
