import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createApi } from '../../src/api/client.ts';
import { directSettings } from '../../src/api/route.ts';
import type { MagicHourApi } from '../../src/api/types.ts';
import { createAssetPreparation } from '../../src/assets/prepare.ts';
import { createAssetUpload } from '../../src/assets/uploads.ts';
import { systemClock } from '../../src/jobs/clock.ts';
import { isEnded, type JobRequest, type JobView } from '../../src/jobs/job.ts';
import { JobService } from '../../src/jobs/jobService.ts';
import type { AssetUpload, Log, RemoteFiles } from '../../src/jobs/ports.ts';
import type { Clip } from '../../src/tools/request.ts';

export const key = 'mhk_live_test';

/** Prints only bugs. */
export const silent: Log = { trace() {}, info() {}, warn() {}, error: error => console.error(error) };
export const remoteFiles: RemoteFiles = {
  stat: () => Promise.reject(new Error('not remote')),
  copyToDisk: () => Promise.reject(new Error('not remote')),
  copyFromDisk: () => Promise.reject(new Error('not remote')),
  reaches: () => false,
};

/** The extension without VS Code: the real API client, uploads, preparation, and jobs, with real files and sockets. */
export interface Ours {
  readonly api: MagicHourApi;
  readonly uploads: AssetUpload;
  readonly jobs: JobService;
  dispose(): Promise<void>;
}

/** @param storage An empty folder, so that nothing carries over from earlier runs. */
export function openOurs(apiUrl: string, storage: string): Ours {
  const client = createApi({
    apiUrl,
    key,
    network: () => directSettings,
    userAgent: 'magic-hour-bench',
    log: silent,
  });
  const api = () => Promise.resolve(client);
  const uploads = createAssetUpload({ api, clock: systemClock });
  const temporaryFolder = join(storage, 'temporary');
  const jobs = new JobService(
    {
      api,
      assets: createAssetPreparation({ remoteFiles, temporaryFolder, log: silent }),
      uploads,
      remoteFiles,
      clock: systemClock,
      log: silent,
      // The default of `magicHour.maxConcurrentJobs`.
      maxConcurrentJobs: () => 4,
    },
    storage,
  );
  return {
    api: client,
    uploads,
    jobs,
    async dispose() {
      await jobs.dispose();
      await client.dispose();
    },
  };
}

export const headshotOf = (image: string, folder: string, stem: string): JobRequest => ({
  tool: 'headshot',
  inputs: { image: { kind: 'file', uri: pathToFileURL(image).href } },
  values: {},
  trim: true,
  estimate: { credits: 50, exact: true },
  folder: pathToFileURL(folder).href,
  stem,
});

export const talkingPhotoOf = (image: string, audio: string, clip: Clip, folder: string): JobRequest => ({
  tool: 'talkingPhoto',
  inputs: {
    image: { kind: 'file', uri: pathToFileURL(image).href },
    audio: { kind: 'file', uri: pathToFileURL(audio).href },
  },
  values: {},
  clip,
  trim: true,
  estimate: { credits: 720, exact: false },
  folder: pathToFileURL(folder).href,
  stem: 'talking',
});

/** Resolves when the job meets the condition. @throws Error if the job ends first. */
export function untilJob(
  jobs: JobService,
  id: string,
  condition: (job: JobView) => boolean,
): Promise<JobView> {
  return new Promise((resolve, reject) => {
    const check = (changed?: JobView): void => {
      // With hundreds of jobs, checking every job after each change would take most of the time.
      const job = changed ?? jobs.get(id);
      if (job?.id !== id) return;
      const isMet = condition(job);
      if (!isMet && !isEnded(job) && job.phase !== 'unknown' && !job.blocked) return;
      subscription.dispose();
      if (isMet) resolve(job);
      else reject(new Error(`The job ended as ${job.phase}: ${JSON.stringify(job.failure ?? job.blocked)}`));
    };
    const subscription = jobs.onDidChange(check);
    check();
  });
}

export const isSaved = (job: JobView): boolean => job.phase === 'saved';
