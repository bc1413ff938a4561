import * as v from 'valibot';
import { strings } from '../shared/strings/index.ts';
import type { StringKey } from '../shared/strings/index.ts';
import { suggestedActions } from '../shared/message.ts';
import { recordedPhases } from '../shared/phase.ts';
import { findTool } from '../tools/index.ts';
import { isJobId, type JobRecord } from './job.ts';

/** The version of the records that are written. A record with a higher version is left alone. */
export const schemaVersion = 2;

const text = v.string();
const number = v.pipe(v.number(), v.finite());
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const id = v.pipe(text, v.check(isJobId));
const clip = v.looseObject({ start: number, end: number });
/** Another version of the extension may have written a string key that this one doesn't have. */
const message = v.object({
  key: v.pipe(
    text,
    v.transform((key): StringKey => (key in strings ? (key as StringKey) : 'error.unexpected')),
  ),
  args: v.optional(v.record(v.string(), v.union([text, number]))),
});
const suggestedAction = v.picklist(suggestedActions);

/** Longer than anything that a form or an agent can send. */
const value = v.pipe(v.string(), v.maxLength(100_000));

export const requestSchema = v.looseObject({
  tool: v.pipe(
    text,
    v.check(tool => findTool(tool) !== undefined),
  ),
  inputs: v.record(
    v.string(),
    v.variant('kind', [
      v.looseObject({
        kind: v.literal('file'),
        uri: value,
        library: v.optional(v.looseObject({ url: value, stamp: value })),
      }),
      v.looseObject({ kind: v.literal('url'), url: value }),
    ]),
  ),
  seen: v.optional(v.record(v.string(), v.looseObject({ bytes: number, modified: number }))),
  values: v.record(v.string(), v.union([value, number])),
  clip: v.optional(clip),
  trim: v.boolean(),
  estimate: v.looseObject({ credits: number, exact: v.boolean() }),
  folder: value,
  row: v.optional(value),
  agent: v.optional(v.boolean()),
  stem: value,
});

const jobSchema = v.looseObject({
  schema: v.literal(schemaVersion),
  id,
  batch: text,
  createdAt: number,
  updatedAt: number,
  phase: v.picklist(recordedPhases),
  request: requestSchema,
  approval: count,
  posts: count,
  refusals: count,
  uploads: v.optional(
    v.looseObject({ references: v.record(v.string(), text), clip: v.optional(clip), at: number }),
  ),
  uploadedAgain: v.optional(v.boolean()),
  projectId: v.optional(v.pipe(text, v.minLength(1))),
  earlierProjects: v.optional(v.array(text)),
  earlierCredits: v.optional(number),
  creditsCharged: v.optional(number),
  createdOnServerAt: v.optional(number),
  waited: v.optional(number),
  endedAt: v.optional(number),
  removedAt: v.optional(number),
  deletedOnServer: v.optional(v.boolean()),
  finalizing: v.optional(v.looseObject({ index: count, uri: text, bytes: count, stamp: v.optional(text) })),
  results: v.array(text),
  stamp: v.optional(text),
  failure: v.optional(
    v.looseObject({
      message,
      suggestedAction: v.optional(v.fallback(v.optional(suggestedAction), undefined)),
      status: v.optional(number),
      serverWords: v.optional(text),
      resumable: v.boolean(),
    }),
  ),
  blocked: v.optional(v.looseObject({ message, suggestedAction: v.fallback(suggestedAction, 'setApiKey') })),
  stopRequested: v.optional(v.boolean()),
  revision: count,
  owner: v.optional(v.looseObject({ window: text, claim: text })),
  writes: v.array(text),
});

/** Whether a file was written completely, by any version. */
export function isComplete(textOfFile: string): boolean {
  try {
    JSON.parse(textOfFile);
    return true;
  } catch {
    return false;
  }
}

/** Returns undefined if this version can't read the record. Never throws. */
export function parseRecord(textOfFile: string): JobRecord | undefined {
  try {
    return parseValue(JSON.parse(textOfFile));
  } catch {
    return undefined;
  }
}

/** @throws UnreadableRecordError if this version couldn't read the record back */
export function serializeRecord(job: JobRecord): string {
  const value = { ...job, schema: schemaVersion };
  const serialized = `${JSON.stringify(value, undefined, 1)}\n`;
  if (!parseRecord(serialized)) throw new UnreadableRecordError(job.id);
  return serialized;
}

/** A bug. Writing this record would lose the job. */
export class UnreadableRecordError extends Error {
  constructor(job: string) {
    super(`The record of job ${job} couldn't be read back and isn't written`);
    this.name = 'UnreadableRecordError';
  }
}

/** Returns undefined if `value` isn't a record that this version can read. */
export function parseValue(value: unknown): JobRecord | undefined {
  const parsed = v.safeParse(jobSchema, value);
  if (!parsed.success) return undefined;
  const { schema: _, ...job } = parsed.output;
  return job;
}
