import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadResult } from '../../api/downloadResult.ts';
import { retrying } from '../../api/retry.ts';
import type { MagicHourApi, Project } from '../../api/types.ts';
import { folderError } from '../failures.ts';
import { resultExtension, safeStem } from '../names.ts';
import { NotMine } from '../ledger.ts';
import { partName, removeOldParts, wasPlaced } from '../parts.ts';
import { isLocal, shelfFor, type Shelf } from '../save.ts';
import type { Work, Workshop } from '../work.ts';

/** The addresses of a look are used for so long; after that they are asked for again. */
const freshFor = 60_000;

/** Downloads and saves every result of a complete project, each exactly once. */
export async function collect(work: Work, shop: Workshop): Promise<void> {
  const { request } = work.job;
  const api = withFreshLook(await shop.api(), work, shop);
  const shelf = shelfFor(request.folder, shop.parts, shop.disk, shop.remoteFiles);
  await inFolder(request.folder, () => settlePlacing(work, shop, shelf));
  const project = await retrying(
    () => api.project(work.tool.project, work.job.projectId ?? '', { signal: work.signal }),
    { attempts: 5, clock: shop.clock, signal: work.signal },
  );
  const count = Math.max(1, project.downloads.length);
  await inFolder(request.folder, () => shelf.prepare());
  let vanished = 0;
  while (work.job.results.length < count && work.job.phase === 'downloading') {
    try {
      await collectOne(work, shop, { api, project, shelf, index: work.job.results.length, count });
    } catch (error) {
      if (!(error instanceof PartVanished) || ++vanished > mayVanish) throw error;
      await inFolder(request.folder, () => settlePlacing(work, shop, shelf));
    }
  }
  // Everything lay there already.
  if (work.job.phase === 'downloading') await work.record({ type: 'saved' });
}

interface Result {
  readonly api: Source;
  readonly project: Project;
  readonly shelf: Shelf;
  readonly index: number;
  readonly count: number;
}

async function collectOne(
  work: Work,
  shop: Workshop,
  { api, project, shelf, index, count }: Result,
): Promise<void> {
  const { tool, job, signal } = work;
  const part = join(shelf.parts, partName(job.id, index, work.claim));
  const show = (fraction: number) =>
    work.show({ phase: 'downloading', fraction: (index + fraction) / count });
  show(0);
  const got = await (shop.download ?? downloadResult)(
    api,
    { kind: tool.project, id: project.id, index },
    part,
    {
      clock: shop.clock,
      signal,
      onProgress: (bytes, total) => show(total ? Math.min(1, bytes / total) : 0),
    },
  );
  const name = {
    stem: safeStem(job.request.stem, project.id),
    extension: resultExtension(tool.project, got.mediaType, project.downloads[index]?.url),
  };
  await inFolder(job.request.folder, async () => {
    const stamp = await shop.disk.stamp(part);
    const local = isLocal(job.request.folder) && stamp !== undefined ? { stamp } : {};
    const announce = async (uri: string) => {
      await work.record({ type: 'placing', placing: { index, uri, bytes: got.bytes, ...local } });
    };
    const uri = await shelf.place(part, name, announce).catch(async (error: unknown) => {
      if (error instanceof NotMine) await shop.disk.remove(part);
      else if ((await shop.disk.size(part)) === undefined) throw new PartVanished();
      throw error;
    });
    await shop.disk.remove(part);
    const isLast = index === count - 1;
    await work.record({ type: 'placed', uri }, ...(isLast ? [{ type: 'saved' } as const] : []));
  });
}

/** Somebody removed the download before it got its name: a person, or a window that slept through a take-over. */
class PartVanished extends Error {}
const mayVanish = 3;

/** A window may have died, or fallen asleep, anywhere between a download and the record of its name. */
export async function settlePlacing(work: Work, shop: Workshop, shelf: Shelf): Promise<void> {
  const { id, placing } = work.job;
  const { disk, remoteFiles } = shop;
  await work.check();
  const folders = new Set([shelf.parts, ...(placing ? [partsFolder(placing.uri, shop)] : [])]);
  for (const folder of folders) await removeOldParts(folder, id, work.claim, disk);
  if (!placing) return;
  const isPlaced = await wasPlaced(placing, disk, remoteFiles);
  await work.record(isPlaced ? { type: 'placed', uri: placing.uri } : { type: 'notPlaced' });
}

const partsFolder = (uri: string, { parts }: Workshop): string =>
  isLocal(uri) ? dirname(fileURLToPath(uri)) : parts;

async function inFolder<T>(folder: string, doing: () => Promise<T>): Promise<T> {
  try {
    return await doing();
  } catch (error) {
    throw folderError(error, readable(folder));
  }
}

function readable(uri: string): string {
  try {
    return decodeURIComponent(uri.replace(/^file:\/\//, ''));
  } catch {
    return uri;
  }
}

type Source = Pick<MagicHourApi, 'project' | 'get'>;

/** The look that found the project complete brought its addresses: asking again would be a request for nothing. */
function withFreshLook(api: MagicHourApi, { complete }: Work, shop: Workshop): Source {
  // Once to count the results and once to download each; more often means that something went wrong.
  let uses = complete ? 1 + complete.project.downloads.length : 0;
  return {
    project(kind, id, options) {
      if (complete && uses-- > 0 && Math.abs(shop.clock.now() - complete.at) < freshFor)
        return Promise.resolve(complete.project);
      return api.project(kind, id, options);
    },
    get: (url, path, options) => api.get(url, path, options),
  };
}
