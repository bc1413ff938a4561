import { rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AssetInfo } from '../shared/asset.ts';
import { extensionOf } from '../shared/formats.ts';
import { HumanError } from '../shared/message.ts';
import type { AssetPreparation, Log, PreparedInput, RemoteFiles } from '../jobs/ports.ts';
import type { JobRequest } from '../jobs/job.ts';
import type { Clip } from '../tools/request.ts';
import type { AssetKind, Tool, ToolInput } from '../tools/tool.ts';
import { cutClip } from './clip.ts';
import { checkName, probe } from './probe.ts';
import { createTemporaryFolders } from './temporary.ts';
import { checkAssetUrl } from './urls.ts';

/** If a cut saves less than this, the complete file is uploaded, because it can be reused for other clips. */
const worthwhile = { share: 0.25, bytes: 1_000_000 };

/** A clip may end this much later than the audio, because durations are shown with two decimals. */
const slack = 0.005;

interface LocalFile {
  readonly path: string;
  readonly name: string;
  readonly info: AssetInfo;
}

export interface PreparationDependencies {
  readonly remoteFiles: RemoteFiles;
  /** Used only by this extension. Created when needed. */
  readonly temporaryFolder: string;
  readonly log: Log;
}

/** Checks the inputs of a job again and cuts the clip. */
export function createPreparation(dependencies: PreparationDependencies): AssetPreparation {
  const temporaryFolders = createTemporaryFolders(dependencies.temporaryFolder, dependencies.log);

  return {
    async prepare(tool, request, { signal, onPhase }) {
      await onPhase('probing');
      const folder = temporaryFolders.make();
      try {
        // Inputs are prepared in parallel. The folder must not be removed until all of them are done.
        const outcomes = await Promise.allSettled(
          tool.inputs.map(input => prepareInput(tool, request, input, folder.path, signal, onPhase)),
        );
        const inputs: Record<string, PreparedInput> = {};
        let { clip } = request;
        for (const [index, outcome] of outcomes.entries()) {
          if (outcome.status === 'rejected') throw outcome.reason;
          const id = tool.inputs[index]?.id;
          if (id && outcome.value) inputs[id] = outcome.value.input;
          clip = outcome.value?.clip ?? clip;
        }
        return { inputs, ...(clip && { clip }), dispose: folder.remove };
      } catch (error) {
        await folder.remove();
        throw error;
      }
    },
  };

  /** Resolves to undefined if the input is optional and not used. */
  async function prepareInput(
    tool: Tool,
    request: JobRequest,
    { id, accepts, optional }: ToolInput,
    folder: () => Promise<string>,
    signal: AbortSignal,
    onPhase: (phase: 'clipping') => Promise<void>,
  ): Promise<{ readonly input: PreparedInput; readonly clip?: Clip } | undefined> {
    signal.throwIfAborted();
    const source = request.inputs[id];
    if (!source && optional) return undefined;
    if (!source) throw new Error(`Job of "${tool.id}" without its input "${id}"`);
    if (source.kind === 'url')
      return { input: { kind: 'reference', reference: checkAssetUrl(source.url, accepts) } };
    const file = await bring(source.uri, id, accepts, request, folder, signal);
    const upload = uploadOf(source.uri, file, accepts);
    const { clip } = request;
    if (!clip || tool.clip?.input !== id) return { input: upload };
    checkClip(clip, file);
    // Only audio can be cut losslessly; a video is uploaded in full.
    const cut = accepts === 'audio' && (await cutOut(tool, request, clip, file, folder, signal, onPhase));
    if (!cut) return { input: upload };
    const { modified: _, ...whole } = upload;
    return {
      input: {
        ...whole,
        path: cut.path,
        bytes: cut.bytes,
        source: JSON.stringify([upload.source, clip]),
      },
      clip: { start: Math.max(0, clip.start - cut.offset), end: clip.end - cut.offset },
    };
  }

  async function bring(
    uri: string,
    id: string,
    kind: AssetKind,
    request: JobRequest,
    folder: () => Promise<string>,
    signal: AbortSignal,
  ): Promise<LocalFile> {
    const { pathname, protocol } = new URL(uri);
    let path: string;
    let name = basename(decodeURIComponent(pathname));
    let modified: number | undefined;
    if (protocol === 'file:') {
      path = fileURLToPath(uri);
      name = basename(path);
    } else {
      checkName(name, kind);
      if (!dependencies.remoteFiles.reaches(uri)) throw new HumanError('asset.unreachable', { name });
      modified = (await dependencies.remoteFiles.stat(uri))?.modified;
      if (modified === undefined) throw new HumanError('asset.vanished', { name });
      path = join(await folder(), `${id}.${extensionOf(name)}`);
      await dependencies.remoteFiles.copyToDisk(uri, path);
    }
    const found = await probe(path, { name, kind, signal });
    const info = modified === undefined ? found : { ...found, modified };
    const seen = request.seen?.[id];
    if (seen && (seen.bytes !== info.bytes || Math.abs(seen.modified - info.modified) >= 1))
      throw new HumanError('asset.changed', { name });
    return { path, name, info };
  }

  async function cutOut(
    tool: Tool,
    request: JobRequest,
    clip: Clip,
    { path, name, info }: LocalFile,
    folder: () => Promise<string>,
    signal: AbortSignal,
    onPhase: (phase: 'clipping') => Promise<void>,
  ): Promise<{ readonly path: string; readonly bytes: number; readonly offset: number } | undefined> {
    const used = info.seconds === undefined ? 0 : (clip.end - clip.start) / info.seconds;
    if (!request.trim || !isWorthwhile(info.bytes, info.bytes * used)) return undefined;
    await onPhase('clipping');
    try {
      const target = join(await folder(), `${tool.id}-clip.${info.extension}`);
      const cut = await cutClip(path, { extension: info.extension, clip, target, signal });
      // The API rejects an end below 0.1 s, which a very short clip may have after the cut.
      if (!cut || clip.end - cut.offset < 0.1 || !isWorthwhile(info.bytes, cut.bytes)) {
        await rm(target, { force: true });
        return undefined;
      }
      return { path: target, bytes: cut.bytes, offset: cut.offset };
    } catch (error) {
      signal.throwIfAborted();
      // The complete file works, too. If it can no longer be read, fail now rather than during the upload.
      dependencies.log.warn(`Couldn't cut ${name}, uploading the complete file: ${String(error)}`);
      await stat(path).catch((cause: unknown) => {
        throw new HumanError('asset.vanished', { name }, { cause });
      });
      return undefined;
    }
  }
}

const isWorthwhile = (whole: number, part: number): boolean =>
  whole - part >= Math.max(worthwhile.bytes, whole * worthwhile.share);

function uploadOf(
  uri: string,
  { path, info }: LocalFile,
  type: AssetKind,
): PreparedInput & { kind: 'upload' } {
  return {
    kind: 'upload',
    path,
    bytes: info.bytes,
    // For a copy of a remote file, `info` has the modification time of the original.
    ...(uri.startsWith('file:') && { modified: info.modified }),
    source: JSON.stringify([uri, info.bytes, info.modified]),
    type,
    extension: info.extension,
  };
}

function checkClip(clip: Clip, { name, info: { seconds } }: LocalFile): void {
  if (seconds === undefined) return;
  const rounded = Math.round(seconds * 100) / 100;
  if (clip.start >= seconds)
    throw new HumanError('asset.startBeyondEnd', { name, start: clip.start, seconds: rounded });
  if (clip.end > seconds + slack)
    throw new HumanError('asset.endBeyondEnd', { name, end: clip.end, seconds: rounded });
}
