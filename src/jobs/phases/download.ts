import { join } from 'node:path';
import { retrying } from '../../api/retry.ts';
import { downloadResult } from '../../api/downloadResult.ts';
import type { MagicHourApi, Project } from '../../api/types.ts';
import { folderError } from '../failures.ts';
import type { JobContext, JobRun } from '../jobRun.ts';
import { LostOwnershipError } from '../jobStore.ts';
import { resultExtension, safeStem } from '../names.ts';
import { partialName, partialsOf, removePartials, resultWriter, type ResultWriter } from '../resultWriter.ts';

/** How long the URLs from a poll are used before they're requested again. */
const freshFor = 60_000;
/** More results than any tool creates. */
export const maxResults = 16;

/** Downloads and saves every result of a complete project, each exactly once. */
export async function download(run: JobRun, context: JobContext): Promise<void> {
  const { folder } = run.job.request;
  const api = withFreshProject(await run.api(), run, context);
  const writer = writerFor(run, context);
  await inFolder(folder, () => settleFinalizing(run, context, writer));
  const project = await retrying(
    () => api.project(run.tool.project, run.job.projectId ?? '', { signal: run.signal }),
    { attempts: 5, clock: context.clock, signal: run.signal },
  );
  const count = Math.min(maxResults, Math.max(1, project.downloads.length));
  await inFolder(folder, () => context.disk.makeFolder(writer.partials));
  while (run.job.results.length < count) {
    const index = run.job.results.length;
    await downloadOne(run, context, { api, project, writer, index, count }).catch(async (error: unknown) => {
      // The result may have its final name even though the disk reported an error.
      if (!run.job.finalizing) throw error;
      await inFolder(folder, () => settleFinalizing(run, context, writer));
      if (run.job.results.length === index) throw error;
      await dropPartialDownload(run, context);
    });
  }
  // All results had already been saved.
  if (run.job.phase === 'downloading') await run.record({ type: 'saved' });
}

/**
 * Removes the partial downloads of all windows. They're in the user's folder, so they're removed before the job ends.
 */
export async function removePartialDownloads(run: JobRun, context: JobContext): Promise<void> {
  const { id, phase, finalizing } = run.job;
  if (phase !== 'downloading') return;
  try {
    const writer = writerFor(run, context);
    if (finalizing) await settleFinalizing(run, context, writer);
    await removePartials(writer.partials, id, context.disk);
  } catch (error) {
    if (error instanceof LostOwnershipError) throw error;
    context.log.warn(`Couldn't remove a partial download of job ${id}: ${String(error)}`);
  }
}

/** Removes this run's partial download, if there is one. If another program is using the file, the file stays. */
export async function dropPartialDownload(run: JobRun, { disk, log }: JobContext): Promise<void> {
  const { partial } = run;
  if (partial === undefined) return;
  run.partial = undefined;
  await disk.remove(partial).catch((error: unknown) => log.warn(String(error)));
}

interface Result {
  readonly api: Source;
  readonly project: Project;
  readonly writer: ResultWriter;
  readonly index: number;
  readonly count: number;
}

async function downloadOne(
  run: JobRun,
  context: JobContext,
  { api, project, writer, index, count }: Result,
): Promise<void> {
  const { tool, job, signal } = run;
  const { clock } = context;
  const partial = partialOf(run, writer, index);
  run.partial = partial;
  const show = (fraction: number) => run.show({ phase: 'downloading', fraction: (index + fraction) / count });
  show(0);
  const { bytes, mediaType } = await (context.download ?? downloadResult)(
    api,
    { kind: tool.project, id: project.id, index },
    partial,
    {
      clock,
      signal,
      onProgress: (received, total) => show(total ? Math.min(1, received / total) : 0),
    },
  );
  const name = {
    stem: safeStem(job.request.stem, project.id),
    extension: resultExtension(tool.project, mediaType, project.downloads[index]?.url),
  };
  await inFolder(job.request.folder, async () => {
    const announce = (uri: string, stamp: string | undefined) =>
      run.record({
        type: 'finalizing',
        finalizing: { index, uri, bytes, ...(stamp !== undefined && { stamp }) },
      });
    const uri = await writer.finalize(partial, name, announce);
    await dropPartialDownload(run, context);
    const isLast = index === count - 1;
    await run.record({ type: 'finalized', uri }, ...(isLast ? [{ type: 'saved' } as const] : []));
  });
}

const partialOf = ({ id, claim }: JobRun, { partials }: ResultWriter, index: number): string =>
  join(partials, partialName(id, index, claim));

/** Settles whether a result got its name: a window may have crashed or been suspended before recording that. */
async function settleFinalizing(run: JobRun, context: JobContext, writer: ResultWriter): Promise<void> {
  const { disk, remoteFiles, partialDownloads } = context;
  const { id, finalizing } = run.job;
  await run.checkOwnership();
  const folders = new Set([writer.partials]);
  if (finalizing) folders.add(partialsOf(finalizing.uri, partialDownloads));
  for (const folder of folders) await removePartials(folder, id, disk, run.claim);
  if (!finalizing) return;
  // The job may have been resumed with another folder, so use the writer for the recorded URI.
  const before = resultWriter(finalizing.uri, partialDownloads, disk, remoteFiles);
  const scratch = partialOf(run, before, finalizing.index);
  const isFinal = await before.wasFinalized(id, finalizing, scratch);
  await run.record(isFinal ? { type: 'finalized', uri: finalizing.uri } : { type: 'notFinalized' });
}

const writerFor = ({ job }: JobRun, { partialDownloads, disk, remoteFiles }: JobContext): ResultWriter =>
  resultWriter(job.request.folder, partialDownloads, disk, remoteFiles);

async function inFolder<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
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

/** Reuses the response of the poll that found the project complete, because it includes the URLs. */
function withFreshProject(api: MagicHourApi, { complete }: JobRun, { clock }: JobContext): Source {
  // Used once to count the results and once per download. Any further use means that something went wrong.
  let uses = complete ? 1 + complete.project.downloads.length : 0;
  return {
    project(kind, id, options) {
      if (complete && uses-- > 0 && Math.abs(clock.now() - complete.at) < freshFor)
        return Promise.resolve(complete.project);
      return api.project(kind, id, options);
    },
    get: (url, path, options) => api.get(url, path, options),
  };
}
