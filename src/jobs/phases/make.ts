import { ApiError } from '../../api/errors.ts';
import type { MagicHourApi } from '../../api/types.ts';
import { createBody, type Clip } from '../../tools/request.ts';
import { failureOf, isAboutFiles, needsKey } from '../failures.ts';
import { NotMine } from '../ledger.ts';
import type { JobEvent } from '../machine.ts';
import type { Work, Workshop } from '../work.ts';

/** The server keeps uploads for 7 days, and what the upload cache gave may be 6 days old (assets/uploadCache.ts). */
const uploadsLast = 24 * 60 * 60 * 1000;

interface Files {
  readonly references: Readonly<Record<string, string>>;
  readonly clip: Clip | undefined;
  readonly uploadedAt: number;
}

/** From the files on disk to a project that exists: checks, cuts, uploads, and sends the one create. */
export async function make(work: Work, shop: Workshop): Promise<void> {
  // Without a key nothing else is worth doing.
  const api = await shop.api();
  const files = uploadedFiles(work, shop.clock.now()) ?? (await sendFiles(work, shop));
  work.signal.throwIfAborted();
  work.show({ phase: 'creating' });
  await work.record({ type: 'create', ...files });
  await create(work, shop, api, files);
}

function uploadedFiles({ job }: Work, now: number): Files | undefined {
  const { references, uploadedAt, uploadedClip } = job;
  if (!references || uploadedAt === undefined) return undefined;
  return Math.abs(now - uploadedAt) < uploadsLast
    ? { references, clip: uploadedClip, uploadedAt }
    : undefined;
}

async function sendFiles({ tool, job, signal, show }: Work, shop: Workshop): Promise<Files> {
  show({ phase: 'probing' });
  const onPhase = (phase: 'probing' | 'clipping') => {
    show({ phase });
    return Promise.resolve();
  };
  const prepared = await shop.assets.prepare(tool, job.request, { signal, onPhase });
  try {
    const onProgress = (fraction: number) => show({ phase: 'uploading', fraction });
    if (Object.values(prepared.inputs).some(({ kind }) => kind === 'upload')) onProgress(0);
    const uploadedAt = shop.clock.now();
    const references = await shop.uploads.upload(prepared.inputs, { signal, onProgress });
    return { references, clip: prepared.clip, uploadedAt };
  } finally {
    await prepared.dispose().catch((error: unknown) => {
      shop.log.warn(`Temporary files of job ${job.id} stay behind: ${String(error)}`);
    });
  }
}

/**
 * The moment of payment. It cannot be undone, so the signal is not heeded: the answer is waited for and written down.
 * Only an answer that says for certain that nothing was made counts as a refusal; everything else is not known.
 */
async function create(
  work: Work,
  shop: Workshop,
  api: MagicHourApi,
  { references, clip }: Files,
): Promise<void> {
  const { tool, job } = work;
  try {
    const body = createBody(tool, job.request.values, references, clip);
    const { id, creditsCharged } = await api.create(tool.path, body);
    work.createdHere = true;
    shop.log.info(`Job ${job.id} is project ${id}`);
    await work.record({ type: 'created', projectId: id, credits: creditsCharged });
  } catch (error) {
    if (error instanceof NotMine) throw error;
    if (!(error instanceof ApiError) || error.details.mayHaveBeenCreated) {
      shop.log.error(error instanceof Error ? error : String(error));
      await work.record({ type: 'responseLost' });
      return;
    }
    await refused(work, shop, error);
  }
}

/** Nothing was made. The refusal is written down before anything else can be sent. */
async function refused(work: Work, shop: Workshop, error: ApiError): Promise<void> {
  const { job } = work;
  const { status, transient } = error.details;
  const refusal: JobEvent = { type: 'refused' };
  const neverArrived = status === undefined && transient;
  if (status === 429 || neverArrived || needsKey(error) || job.stopRequested) {
    await work.record(refusal);
    throw error;
  }
  const uploads = Object.values(job.references ?? {}).filter(reference => !/^https?:/i.test(reference));
  if (isAboutFiles(error) && uploads.length > 0 && !job.uploadedAgain) {
    shop.log.info(`Job ${job.id}: the server does not take the uploaded files; they are sent again once`);
    await shop.uploads.forget(uploads);
    await work.record(refusal, { type: 'filesForgotten' });
    return;
  }
  await work.record(refusal, { type: 'failed', failure: failureOf(error, false) });
}
