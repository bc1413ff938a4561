import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ApiError } from './errors.ts';
import { type Answer, exchange, type Wire } from './exchange.ts';
import type { CallLimits } from './limits.ts';
import { readRefusal, readReply } from './reply.ts';
import { refusalError } from './refusal.ts';
import { storageUrl } from './storageUrl.ts';
import type { GetOptions, Got } from './types.ts';

const mostRedirects = 3;

interface Download {
  readonly wire: Wire & { readonly headers: Readonly<Record<string, string>> };
  readonly apiUrl: URL;
  readonly limits: CallLimits;
  readonly options: GetOptions;
  readonly handle: FileHandle;
  readonly diskError: (error: unknown) => never;
}

/**
 * Streams a signed URL into a file, without the key. Keeps the first `from` bytes when the server goes on after them,
 * and starts over when it does not. What is on disk in the end was flushed and has the length the server promised.
 */
export async function get(
  wire: Download['wire'],
  apiUrl: URL,
  address: string,
  path: string,
  limits: CallLimits,
  options: GetOptions,
): Promise<Got> {
  let url = storageUrl(address, 'download', apiUrl);
  const diskError = diskErrorAt(path);
  const handle = await openKeeping(path).catch(diskError);
  try {
    const download: Download = { wire, apiUrl, limits, options, handle, diskError };
    for (let redirects = 0; ; redirects++) {
      const outcome = await request(download, url, redirects < mostRedirects);
      if ('redirect' in outcome) url = outcome.redirect;
      else return outcome;
    }
  } finally {
    await handle.close();
  }
}

/** Nothing that is there is given up before the server has something better. */
const openKeeping = (path: string): Promise<FileHandle> =>
  open(path, 'r+').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return open(path, 'w');
    throw error;
  });

async function request(
  download: Download,
  url: URL,
  mayRedirect: boolean,
): Promise<Got | { readonly redirect: URL }> {
  const { wire, options, handle, diskError } = download;
  // Never more than is there, should the file have been cut since somebody looked.
  const from = Math.min(options.from ?? 0, (await handle.stat()).size);
  const headers: Record<string, string> = {
    ...wire.headers,
    accept: '*/*',
    // The length and the ranges are those of the file, so it must come as it is.
    'accept-encoding': 'identity',
    ...(from > 0 && { range: `bytes=${from}-` }),
    ...(from > 0 && options.ifRange !== undefined && { 'if-range': options.ifRange }),
  };
  return exchange(
    wire,
    { operation: 'download', method: 'GET', url, headers, limits: download.limits, signal: options.signal },
    async answer => {
      const location = answer.status >= 300 && answer.status < 400 ? answer.header('location') : undefined;
      if (location !== undefined && mayRedirect && URL.canParse(location, url.href)) {
        return { redirect: storageUrl(new URL(location, url).href, 'download', download.apiUrl) };
      }
      if (answer.status === 416 && rangeTotal(answer) === from && from > 0) {
        return { bytes: from, mediaType: undefined };
      }
      if (answer.status !== 200 && answer.status !== 206) {
        // The next attempt starts over, whatever was wrong with this range.
        if (answer.status === 416) await handle.truncate(0).catch(diskError);
        const reply = await readReply(answer);
        const refusal = readRefusal(reply, wire.secrets);
        throw refusalError({ ...reply, operation: 'download', refusal, host: url.host });
      }
      return receive(download, answer, from);
    },
  );
}

async function receive(download: Download, answer: Answer, from: number): Promise<Got> {
  const { handle, options, diskError } = download;
  const type = mediaType(answer);
  const encoded = (answer.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
  if (encoded || /^(?:text\/|application\/(?:json|xml|xhtml))/u.test(type ?? '')) {
    throw failed('api.download.notMedia', answer.status);
  }
  const range = answer.status === 206 ? contentRange(answer) : undefined;
  if (answer.status === 206 && range?.start !== from) {
    await handle.truncate(0).catch(diskError);
    throw failed('api.download.truncated', answer.status);
  }
  const start = range ? from : 0;
  if ((await handle.stat()).size > start) await handle.truncate(start).catch(diskError);

  const length = wholeNumber(answer.header('content-length'));
  const total = range?.total ?? (length === undefined ? undefined : start + length);
  if (total !== undefined) options.onLength?.(total);
  const validator = answer.header('etag');
  // A weak validator must not be used with a range (RFC 9110, 13.1.5).
  if (validator !== undefined && !validator.startsWith('W/')) options.onValidator?.(validator);

  if (total !== undefined && total > most(download)) throw tooLong(answer.status);
  const bytes = await write(download, answer, start);
  if (bytes === 0 || (total !== undefined && bytes !== total)) {
    // More than the whole cannot be mended by going on.
    if (total !== undefined && bytes > total) await handle.truncate(0).catch(diskError);
    throw failed('api.download.truncated', answer.status);
  }
  await handle.sync().catch(diskError);
  return { bytes, mediaType: type };
}

/** Writes the answer's body from `start` on. Returns the file's length. */
async function write(download: Download, answer: Answer, start: number): Promise<number> {
  const {
    handle,
    options: { onProgress },
    diskError,
  } = download;
  let at = start;
  onProgress?.(at);
  for await (const chunk of answer.body) {
    if (at + chunk.byteLength > most(download)) {
      await handle.truncate(0).catch(diskError);
      throw tooLong(answer.status);
    }
    for (let done = 0; done < chunk.byteLength; ) {
      const { bytesWritten } = await handle
        .write(chunk, done, chunk.byteLength - done, at + done)
        .catch(diskError);
      done += bytesWritten;
    }
    at += chunk.byteLength;
    onProgress?.(at);
  }
  return at;
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,15}$/u.test(text) ? Number(text) : undefined;

/** `bytes 100-199/200`; the total may be `*`. */
function contentRange(answer: Answer): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/u.exec(answer.header('content-range') ?? '');
  return match ? { start: Number(match[1]), total: wholeNumber(match[3]) } : undefined;
}

// Of a 416, such as `bytes */200`.
const rangeTotal = (answer: Answer): number | undefined =>
  wholeNumber(/^bytes \*\/(\d{1,15})$/u.exec(answer.header('content-range') ?? '')?.[1]);

const mediaType = (answer: Answer): string | undefined =>
  /^[\w.+-]{1,64}\/[\w.+-]{1,64}/u.exec(answer.header('content-type') ?? '')?.[0].toLowerCase();

const failed = (key: 'api.download.notMedia' | 'api.download.truncated', status: number): ApiError =>
  new ApiError(
    key,
    { operation: 'download', status, transient: true, mayHaveBeenCreated: false },
    { suggestedAction: 'retry' },
  );

const most = ({ limits }: Download): number => limits.bytes ?? Number.POSITIVE_INFINITY;

/** Nothing that is tried again: no result is that large. */
const tooLong = (status: number): ApiError =>
  new ApiError(
    'api.download.tooLong',
    { operation: 'download', status, transient: false, mayHaveBeenCreated: false },
    { suggestedAction: 'openLibrary' },
  );

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** What a disk refuses, while the result goes on lying at Magic Hour. */
const diskErrorAt =
  (path: string) =>
  (error: unknown): never => {
    const details = { operation: 'download', transient: false, mayHaveBeenCreated: false } as const;
    const options = { suggestedAction: 'chooseFolder', cause: error } as const;
    if (isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw new ApiError('save.diskFull', details, options);
    throw new ApiError('save.notWritable', details, { ...options, args: { folder: dirname(path) } });
  };
