import { fileURLToPath } from 'node:url';
import { ApiError } from '../../api/errors.ts';
import type { MagicHourApi } from '../../api/types.ts';
import type { AssetSource } from '../../shared/asset.ts';
import { createBody } from '../../tools/request.ts';
import { failureOf, isAboutFiles, needsKey } from '../failures.ts';
import type { JobRequest, Uploads } from '../job.ts';
import type { JobContext, JobRun } from '../jobRun.ts';
import { LostOwnershipError } from '../jobStore.ts';
import { hasLibraryUrl, uploadedFiles, type JobEvent } from '../transitions.ts';

/** How long uploads are used. The server keeps them for 7 days, and a reused upload may already be 6 days old. */
const uploadsLast = 24 * 60 * 60 * 1000;

/** Creates a project from files on disk: checks, cuts, and uploads them, then sends the create request. */
export async function create(run: JobRun, context: JobContext): Promise<void> {
  // Without a key, there's no point in doing anything else.
  await run.api();
  const { uploads: before } = run.job;
  const isFresh = before !== undefined && Math.abs(context.clock.now() - before.at) < uploadsLast;
  const uploads = isFresh ? before : await uploadFiles(run, context);
  // The key may have been removed or replaced during the upload.
  const api = await run.api();
  run.signal.throwIfAborted();
  run.show({ phase: 'creating' });
  await run.record({ type: 'create', uploads });
  await sendCreate(run, context, api, uploads);
}

async function uploadFiles(run: JobRun, context: JobContext): Promise<Uploads> {
  const { tool, job, signal } = run;
  run.show({ phase: 'probing' });
  const onPhase = (phase: 'probing' | 'clipping') => {
    run.show({ phase });
    return Promise.resolve();
  };
  const inputs = await withLibraryUrls(job.request.inputs, context);
  const prepared = await context.assets.prepare(tool, { ...job.request, inputs }, { signal, onPhase });
  try {
    const onProgress = (fraction: number) => run.show({ phase: 'uploading', fraction });
    if (Object.values(prepared.inputs).some(({ kind }) => kind === 'upload')) onProgress(0);
    const at = context.clock.now();
    const references = await context.uploads.upload(prepared.inputs, { signal, onProgress });
    return { references, ...(prepared.clip && { clip: prepared.clip }), at };
  } finally {
    await prepared.dispose().catch((error: unknown) => {
      context.log.warn(`Couldn't remove temporary files of job ${job.id}: ${String(error)}`);
    });
  }
}

/** Replaces files that are in the library, and haven't changed since they were saved, with their URLs. */
async function withLibraryUrls(
  inputs: JobRequest['inputs'],
  { disk }: JobContext,
): Promise<JobRequest['inputs']> {
  const sources = Object.entries(inputs).map(async ([id, source]): Promise<[string, AssetSource]> => {
    if (source.kind !== 'file' || !source.library || !source.uri.startsWith('file:')) return [id, source];
    const { url, stamp } = source.library;
    return [id, (await stampOf(source.uri, disk)) === stamp ? { kind: 'url', url } : source];
  });
  return Object.fromEntries(await Promise.all(sources));
}

async function stampOf(uri: string, disk: JobContext['disk']): Promise<string | undefined> {
  try {
    return await disk.stamp(fileURLToPath(uri));
  } catch {
    // A file that can't be read fails later, with the right message.
    return undefined;
  }
}

/**
 * This is where the user is charged. A create request can't be undone, so the signal is ignored, and the response is
 * awaited and recorded. Only a response that proves that nothing was created counts as a refusal.
 */
async function sendCreate(
  run: JobRun,
  context: JobContext,
  api: MagicHourApi,
  { references, clip }: Uploads,
): Promise<void> {
  const { tool, job } = run;
  try {
    const body = createBody(tool, job.request.values, references, clip);
    const { id, creditsCharged } = await api.create(tool.path, body);
    run.createdHere = true;
    context.log.info(`Job ${job.id} is project ${id}`);
    await run.record({ type: 'created', projectId: id, credits: creditsCharged });
  } catch (error) {
    if (error instanceof LostOwnershipError) throw error;
    if (!(error instanceof ApiError) || error.details.mayHaveBeenCreated) {
      context.log.error(error instanceof Error ? error : String(error));
      await run.record({ type: 'responseLost' });
      return;
    }
    await handleRefusal(run, context, error);
  }
}

/** Handles a refusal: nothing was created. Records it before another request can be sent. */
async function handleRefusal(run: JobRun, context: JobContext, error: ApiError): Promise<void> {
  const { job } = run;
  const { status, transient } = error.details;
  const refusal: JobEvent = { type: 'refused' };
  const wasNotDelivered = status === undefined && transient;
  if (status === 429 || wasNotDelivered || needsKey(error) || job.stopRequested) {
    await run.record(refusal);
    throw error;
  }
  if (hasLibraryUrl(job) && (status === 400 || status === 404 || status === 422)) {
    context.log.info(`Job ${job.id}: the server rejected a result in the library, uploading the file`);
    await run.record(refusal, { type: 'filesForgotten' });
    return;
  }
  const files = uploadedFiles(job);
  if (isAboutFiles(error) && files.length > 0 && !job.uploadedAgain) {
    context.log.info(`Job ${job.id}: the server rejected the uploaded files, uploading them again`);
    await context.uploads.forget(files);
    await run.record(refusal, { type: 'filesForgotten' });
    return;
  }
  await run.record(refusal, { type: 'failed', failure: failureOf(error, false) });
}
