// Response fields that we need must be present and valid. Any other field may be missing, new, or of another type,
// because that's no reason to lose a job that was charged.
import * as v from 'valibot';
import type { ProjectStatus } from './types.ts';
import { singleLine } from './redact.ts';

/** Project IDs are used in paths, file names, and links, so only safe characters are allowed. */
export const projectId = v.pipe(v.string(), v.regex(/^[\w-]{1,128}$/u));

/** The handle of an uploaded file, such as `api-assets/id/1234.png`. */
const filePath = v.pipe(v.string(), v.regex(/^[\w][\w./+=@~%:,-]{0,1023}$/u), v.regex(/^(?!.*\.\.)/u));

const url = v.pipe(v.string(), v.maxLength(16_384), v.url());

/** A value of the wrong type counts as missing. */
const maybe = <S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined);

const credits = maybe(v.pipe(v.number(), v.finite(), v.minValue(0)));

/** Milliseconds since 1970. */
const time = v.fallback(
  v.optional(
    v.pipe(
      v.string(),
      v.transform(text => Date.parse(text)),
      v.finite(),
    ),
  ),
  undefined,
);

export const account = v.object({
  id: v.fallback(v.string(), ''),
  tier: v.fallback(v.string(), ''),
  credits: v.pipe(v.number(), v.finite()),
});

export const uploadTargets = v.object({
  items: v.array(v.object({ upload_url: url, expires_at: time, file_path: filePath })),
});

export const created = v.pipe(
  v.object({ id: projectId, credits_charged: credits, estimated_frame_cost: credits, frame_cost: credits }),
  v.transform(reply => ({
    id: reply.id,
    creditsCharged: reply.credits_charged ?? reply.estimated_frame_cost ?? reply.frame_cost,
  })),
);

const documented = ['draft', 'queued', 'rendering', 'complete', 'error', 'canceled'] as const;
const status = v.pipe(
  v.string(),
  v.transform((text): ProjectStatus => documented.find(known => known === text) ?? 'other'),
);

const download = v.object({ url, expires_at: time });

const message = v.pipe(
  v.string(),
  v.transform(text => singleLine(text)),
);

const errorCode = maybe(v.pipe(message, v.nonEmpty(), v.maxLength(64)));
const projectError = v.union([
  v.object({ message: v.fallback(message, ''), code: errorCode }),
  v.pipe(
    v.string(),
    v.nonEmpty(),
    v.transform(text => ({ message: singleLine(text), code: undefined })),
  ),
]);

export const project = v.pipe(
  v.object({
    id: projectId,
    status,
    enabled: v.fallback(v.boolean(), true),
    credits_charged: credits,
    total_frame_cost: credits,
    downloads: maybe(v.array(v.unknown())),
    download: v.optional(v.unknown()),
    error: maybe(projectError),
  }),
  v.transform(reply => {
    const listed = (reply.downloads ?? []).flatMap(readDownload);
    return {
      id: reply.id,
      status: reply.status,
      enabled: reply.enabled,
      creditsCharged: reply.credits_charged ?? reply.total_frame_cost,
      // `download` is the deprecated single form of `downloads`.
      downloads: listed.length > 0 ? listed : readDownload(reply.download),
      error: reply.error && { code: reply.error.code, message: reply.error.message },
    };
  }),
);

function readDownload(value: unknown): { url: string; expiresAt: number | undefined }[] {
  const read = v.safeParse(download, value);
  return read.success ? [{ url: read.output.url, expiresAt: read.output.expires_at }] : [];
}
