import type { AssetInfo } from '../shared/asset.ts';
import {
  contentOf,
  extensionOf,
  extensions,
  formatOfContent,
  isOfKind,
  kindOf,
  type Content,
} from '../shared/formats.ts';
import { HumanError } from '../shared/message.ts';
import type { AssetKind } from '../tools/tool.ts';
import { openFile, type OpenFile } from './file.ts';
import { alwaysHasSize, pixelSize } from './image.ts';
import { noMedia, otherKind, unsupported } from './kindMessages.ts';
import { readAudio, readVideo, type MediaInfo } from './seconds.ts';
import { sniff } from './sniff.ts';

export interface ProbeOptions {
  /** The name of the original file, which determines the extension. Defaults to the last part of the path. */
  readonly name?: string;
  readonly kind: AssetKind;
  readonly signal?: AbortSignal;
}

/** After this time, the length is left unknown, because a slow network drive must not block a form. */
const probeTimeout = 20_000;

/**
 * Determines a file's content from its bytes, without decoding.
 * @throws HumanError if the file can't be used as an input because it's unreadable, unsupported, or damaged, or because
 * its content doesn't match its name; the signal's reason if it's aborted
 */
export async function probe(path: string, { name, kind, signal }: ProbeOptions): Promise<AssetInfo> {
  await using file = await openFile(path, name);
  return await probeFile(file, kind, signal);
}

/** Like `probe`, but for an open file. */
export async function probeFile(file: OpenFile, kind: AssetKind, signal?: AbortSignal): Promise<AssetInfo> {
  signal?.throwIfAborted();
  checkName(file.name, kind);
  const { content, from } = await checkContent(file, kind);
  const facts = {
    kind,
    extension: extensionOf(file.name),
    bytes: file.size,
    modified: file.modified,
  };
  if (kind === 'image') return { ...facts, ...(await readImage(file, content)) };
  const read = (either: AbortSignal) =>
    kind === 'video' ? readVideo(file, either) : readAudio(file, content, from, either);
  return { ...facts, ...(await readRecording(file, content, read, signal)) };
}

/** @throws HumanError if the extension isn't supported for this kind of input */
export function checkName(name: string, kind: AssetKind): void {
  if (isOfKind(name, kind)) return;
  if (kindOf(name)) throw new HumanError(otherKind[kind], { name });
  throw new HumanError(unsupported[kind], { name, extensions: extensions[kind].join(', ') });
}

async function checkContent(file: OpenFile, kind: AssetKind): Promise<{ content: Content; from: number }> {
  const { name } = file;
  const found = await sniff(file);
  if (!found) throw new HumanError(noMedia[kind], { name });
  if ('lfsPointer' in found) throw new HumanError('asset.lfsPointer', { name });
  const format = 'content' in found ? formatOfContent(found.content, kind) : undefined;
  if (!('content' in found) || !format || format.kind !== kind)
    throw new HumanError('asset.foreignContent', {
      name,
      format: format?.label ?? ('foreign' in found ? found.foreign : ''),
      extensions: extensions[kind].join(', '),
    });
  if (found.content !== contentOf(name)) {
    const [better = ''] = format.extensions;
    throw new HumanError('asset.otherContent', {
      name,
      format: format.label,
      better: `${name.slice(0, name.lastIndexOf('.'))}.${better}`,
    });
  }
  return found;
}

async function readImage(file: OpenFile, content: Content): Promise<Pick<AssetInfo, 'width' | 'height'>> {
  const size = await pixelSize(file, content);
  if (!size && alwaysHasSize(content)) throw damaged(file, content);
  return size ?? {};
}

async function readRecording(
  file: OpenFile,
  content: Content,
  read: (signal: AbortSignal) => Promise<MediaInfo | undefined>,
  signal: AbortSignal | undefined,
): Promise<Pick<AssetInfo, 'seconds' | 'warning' | 'width' | 'height' | 'frameRate'>> {
  const lengthUnknown = { warning: { key: 'asset.lengthUnknown', args: { name: file.name } } } as const;
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), probeTimeout);
  const either = signal ? AbortSignal.any([signal, limit.signal]) : limit.signal;
  try {
    const recording = await read(either);
    if (!recording) throw damaged(file, content);
    const { seconds, ...others } = recording;
    if (seconds === 0) throw new HumanError('asset.noSound', { name: file.name });
    return { ...others, ...(seconds === undefined ? lengthUnknown : { seconds }) };
  } catch (error) {
    signal?.throwIfAborted();
    if (limit.signal.aborted && !(error instanceof HumanError)) return lengthUnknown;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const damaged = (file: OpenFile, content: Content): HumanError =>
  new HumanError('asset.damaged', {
    name: file.name,
    format: formatOfContent(content, 'image')?.label ?? '',
  });
