import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ApiError } from './errors.ts';
import type { CallLimits } from './limits.ts';
import { refusalError } from './refusal.ts';
import { type HttpResponse, readRefusal, readText } from './response.ts';
import { send, type Transport } from './send.ts';
import type { DownloadResult, GetOptions } from './types.ts';
import { validateStorageUrl } from './urls.ts';

const maxRedirects = 3;

interface Download {
  readonly transport: Transport & { readonly headers: Readonly<Record<string, string>> };
  readonly apiUrl: URL;
  readonly limits: CallLimits;
  readonly options: GetOptions;
  readonly handle: FileHandle;
  readonly diskError: (error: unknown) => never;
}

/**
 * Downloads a signed URL to a file, without sending the key. If the server can continue after the first `from` bytes,
 * they're kept; otherwise, the download starts over. At the end, the file is flushed and has the length that the server
 * announced.
 */
export async function download(
  transport: Download['transport'],
  apiUrl: URL,
  address: string,
  path: string,
  limits: CallLimits,
  options: GetOptions,
): Promise<DownloadResult> {
  let url = validateStorageUrl(address, 'download', apiUrl);
  const diskError = diskErrorAt(path);
  const handle = await openKeeping(path).catch(diskError);
  try {
    const download: Download = { transport, apiUrl, limits, options, handle, diskError };
    for (let redirects = 0; ; redirects++) {
      const outcome = await request(download, url, redirects < maxRedirects);
      if ('redirect' in outcome) url = outcome.redirect;
      else return outcome;
    }
  } finally {
    await handle.close();
  }
}

/** Opens the file, keeping existing bytes until the server sends replacements. */
const openKeeping = (path: string): Promise<FileHandle> =>
  open(path, 'r+').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return open(path, 'w');
    throw error;
  });

async function request(
  download: Download,
  url: URL,
  mayRedirect: boolean,
): Promise<DownloadResult | { readonly redirect: URL }> {
  const { transport, options, handle, diskError } = download;
  // The file may have become shorter since the caller checked it.
  const from = Math.min(options.from ?? 0, (await handle.stat()).size);
  const headers: Record<string, string> = {
    ...transport.headers,
    accept: '*/*',
    // The length and ranges must refer to the file itself, not to a compressed encoding.
    'accept-encoding': 'identity',
    ...(from > 0 && { range: `bytes=${from}-` }),
    ...(from > 0 && options.ifRange !== undefined && { 'if-range': options.ifRange }),
  };
  return send(
    transport,
    { operation: 'download', method: 'GET', url, headers, limits: download.limits, signal: options.signal },
    async response => {
      const location =
        response.status >= 300 && response.status < 400 ? response.header('location') : undefined;
      if (location !== undefined && mayRedirect && URL.canParse(location, url.href)) {
        return { redirect: validateStorageUrl(new URL(location, url).href, 'download', download.apiUrl) };
      }
      if (response.status === 416 && rangeTotal(response) === from && from > 0) {
        return { bytes: from, mediaType: undefined };
      }
      if (response.status !== 200 && response.status !== 206) {
        // The range can't be used, so the next attempt starts over.
        if (response.status === 416) await handle.truncate(0).catch(diskError);
        const text = await readText(response);
        const refusal = readRefusal(text, transport.secrets);
        throw refusalError({ ...text, operation: 'download', refusal, host: url.host });
      }
      return receive(download, response, from);
    },
  );
}

async function receive(download: Download, response: HttpResponse, from: number): Promise<DownloadResult> {
  const { handle, options, diskError } = download;
  const type = mediaType(response);
  const encoded = (response.header('content-encoding') ?? 'identity').toLowerCase() !== 'identity';
  if (encoded || /^(?:text\/|application\/(?:json|xml|xhtml))/u.test(type ?? '')) {
    throw failed('api.download.notMedia', response.status);
  }
  const range = response.status === 206 ? contentRange(response) : undefined;
  if (response.status === 206 && range?.start !== from) {
    await handle.truncate(0).catch(diskError);
    throw failed('api.download.truncated', response.status);
  }
  const start = range ? from : 0;
  if ((await handle.stat()).size > start) await handle.truncate(start).catch(diskError);

  const length = wholeNumber(response.header('content-length'));
  const total = range?.total ?? (length === undefined ? undefined : start + length);
  if (total !== undefined) options.onLength?.(total);
  const validator = response.header('etag');
  // A weak validator must not be used with a range (RFC 9110, 13.1.5).
  if (validator !== undefined && !validator.startsWith('W/')) options.onValidator?.(validator);

  if (total !== undefined && total > maxBytes(download)) throw tooLong(response.status);
  const bytes = await write(download, response, start);
  if (bytes === 0 || (total !== undefined && bytes !== total)) {
    // A file that is too long can't be completed.
    if (total !== undefined && bytes > total) await handle.truncate(0).catch(diskError);
    throw failed('api.download.truncated', response.status);
  }
  await handle.sync().catch(diskError);
  return { bytes, mediaType: type };
}

/** Writes the body to the file, starting at `start`. Returns the file's length. */
async function write(download: Download, response: HttpResponse, start: number): Promise<number> {
  const {
    handle,
    options: { onProgress },
    diskError,
  } = download;
  let at = start;
  onProgress?.(at);
  for await (const chunk of response.body) {
    if (at + chunk.byteLength > maxBytes(download)) {
      await handle.truncate(0).catch(diskError);
      throw tooLong(response.status);
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

/** Parses a header such as `bytes 100-199/200`. The total may be `*`. */
function contentRange(response: HttpResponse): { start: number; total: number | undefined } | undefined {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/u.exec(response.header('content-range') ?? '');
  return match ? { start: Number(match[1]), total: wholeNumber(match[3]) } : undefined;
}

// Parses the header of a 416 response, such as `bytes */200`.
const rangeTotal = (response: HttpResponse): number | undefined =>
  wholeNumber(/^bytes \*\/(\d{1,15})$/u.exec(response.header('content-range') ?? '')?.[1]);

const mediaType = (response: HttpResponse): string | undefined =>
  /^[\w.+-]{1,64}\/[\w.+-]{1,64}/u.exec(response.header('content-type') ?? '')?.[0].toLowerCase();

const failed = (key: 'api.download.notMedia' | 'api.download.truncated', status: number): ApiError =>
  new ApiError(
    key,
    { operation: 'download', status, transient: true, mayHaveBeenCreated: false },
    { suggestedAction: 'retry' },
  );

const maxBytes = ({ limits }: Download): number => limits.bytes ?? Number.POSITIVE_INFINITY;

/** Not transient: no result is that large. */
const tooLong = (status: number): ApiError =>
  new ApiError(
    'api.download.tooLong',
    { operation: 'download', status, transient: false, mayHaveBeenCreated: false },
    { suggestedAction: 'openLibrary' },
  );

const isCode = (error: unknown, ...codes: string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));

/** Turns a disk error into an error for the user. The result is still available on the server. */
const diskErrorAt =
  (path: string) =>
  (error: unknown): never => {
    const details = { operation: 'download', transient: false, mayHaveBeenCreated: false } as const;
    const options = { suggestedAction: 'chooseFolder', cause: error } as const;
    if (isCode(error, 'ENOSPC', 'EDQUOT', 'EFBIG')) throw new ApiError('save.diskFull', details, options);
    throw new ApiError('save.notWritable', details, { ...options, args: { folder: dirname(path) } });
  };
