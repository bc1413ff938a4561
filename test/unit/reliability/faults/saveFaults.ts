import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Disk } from '../../../../src/jobs/disk.ts';
import { partialName } from '../../../../src/jobs/resultWriter.ts';
import type { JobRecord } from '../../../../src/jobs/job.ts';
import type { Fault, FaultGroup } from './fault.ts';

const resumable = { outcome: 'ends, resumes free' } as const;
const recovers = { outcome: 'recovers' } as const;

const refusal = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });

/** Makes a disk operation fail if `at` matches, either `times` times or always. */
const refusing =
  (
    operation: 'create' | 'place' | 'flush' | 'makeFolder',
    code: string,
    more: Refusing = {},
  ): Fault['harness'] =>
  server => {
    let left = more.times ?? Number.POSITIVE_INFINITY;
    return {
      disk: (disk: Disk): Disk => ({
        ...disk,
        [operation]: async (path: string, ...rest: never[]) => {
          const text: string = rest[0] ?? '';
          const isMeant = (more.at ?? (() => true))({
            path,
            text,
            isMade: server.control.projects().length > 0,
          });
          if (isMeant && left-- > 0) throw refusal(code);
          return (disk[operation] as (path: string, ...rest: never[]) => Promise<unknown>)(path, ...rest);
        },
      }),
    };
  };

interface Refusing {
  readonly times?: number;
  readonly at?: (what: { readonly path: string; readonly text: string; readonly isMade: boolean }) => boolean;
}

const isRecord = (path: string): boolean => /[/\\]records[/\\]/.test(path);

const manual = { behavior: { clock: 'manual' } } as const;

/** Puts a file at the path where the partial download will be written. */
const instead =
  (make: (path: string) => Promise<unknown>): Fault['during'] =>
  async (scene, job) => {
    const waiting = await scene.harness.until(job, ({ phase }) => phase === 'waiting');
    const { projectId = '', owner } = waiting as JobRecord;
    await make(join(scene.harness.folder, partialName(job, 0, owner?.claim ?? '')));
    scene.server.control.complete(projectId);
  };

export const saves: FaultGroup = {
  title: 'Saving',
  faults: [
    {
      name: 'the disk is full during the download',
      ...resumable,
      isPossible: existsSync('/dev/full'),
      server: manual,
      during: instead(path => symlink('/dev/full', path)),
    },
    {
      name: "the partial download can't be written",
      ...resumable,
      server: manual,
      during: instead(path => mkdir(path)),
      fix: async ({ harness }) => {
        for (const name of await readdir(harness.folder))
          if (name.endsWith('.part')) await rm(join(harness.folder, name), { recursive: true });
      },
    },
    {
      name: 'the folder is actually a file',
      ...resumable,
      request: harness => ({ folder: pathToFileURL(join(harness.folder, 'anna.png')).href }),
      resumeIn: 'results',
    },
    {
      name: 'the folder is deleted in the meantime',
      ...recovers,
      server: manual,
      request: harness => ({ folder: pathToFileURL(join(harness.folder, 'results')).href }),
      arrange: ({ harness }) => mkdir(join(harness.folder, 'results')),
      during: async ({ server, harness }, job) => {
        const { projectId = '' } = await harness.until(job, ({ phase }) => phase === 'waiting');
        await rm(join(harness.folder, 'results'), { recursive: true });
        server.control.complete(projectId);
      },
    },
    { name: "the folder isn't writable", ...resumable, harness: refusing('place', 'EACCES', { times: 1 }) },
    { name: 'the file system is read-only', ...resumable, harness: refusing('place', 'EROFS', { times: 1 }) },
    {
      name: 'the disk is full when the result is renamed',
      ...resumable,
      harness: refusing('place', 'ENOSPC', { times: 1 }),
    },
    { name: 'the disk quota is used up', ...resumable, harness: refusing('flush', 'EDQUOT', { times: 1 }) },
    { name: 'the disk reports an I/O error', ...resumable, harness: refusing('flush', 'EIO', { times: 1 }) },
    {
      name: 'the name is taken by another file',
      ...recovers,
      arrange: ({ harness }) => writeFile(join(harness.folder, 'anna-headshot.png'), 'mine'),
      fix: async ({ harness }) => {
        const path = join(harness.folder, 'anna-headshot.png');
        if ((await readFile(path, 'utf8')) !== 'mine') throw new Error('It was overwritten');
        await rm(path);
      },
    },
    {
      name: 'the server sends a file name that points outside the folder',
      ...recovers,
      arrange: ({ server }) => server.control.plan({ outputName: '..%2f..%2f..%2fstartup.sh' }),
    },
    {
      name: 'an old partial download is longer than the result',
      ...recovers,
      server: manual,
      during: instead(path => writeFile(path, Buffer.alloc(3_000_000))),
    },
  ],
};

export const records: FaultGroup = {
  title: 'Recording the job',
  faults: [
    {
      name: 'the disk is full when the job is submitted',
      outcome: 'not started',
      creates: 0,
      projects: 0,
      harness: refusing('create', 'ENOSPC', { times: 1, at: ({ path }) => isRecord(path) }),
    },
    {
      name: "the storage folder can't be created",
      outcome: 'not started',
      creates: 0,
      projects: 0,
      harness: refusing('makeFolder', 'EACCES', { times: 1 }),
    },
    {
      name: 'the disk is full right before the create request',
      ...recovers,
      harness: refusing('create', 'ENOSPC', { times: 2, at: ({ text }) => text.includes('"creating"') }),
    },
    {
      name: 'the disk is full right after the create request',
      ...recovers,
      harness: refusing('create', 'ENOSPC', { times: 3, at: ({ path, isMade }) => isRecord(path) && isMade }),
    },
    {
      name: 'the disk is full when the saved result is recorded',
      ...recovers,
      harness: refusing('create', 'ENOSPC', { times: 2, at: ({ text }) => text.includes('"saved"') }),
    },
    {
      name: 'the storage folder is deleted while the job is waiting',
      ...recovers,
      server: manual,
      during: async ({ server, harness }, job) => {
        const { projectId = '' } = await harness.until(job, ({ phase }) => phase === 'waiting');
        await rm(harness.storage, { recursive: true, maxRetries: 5 });
        server.control.complete(projectId);
      },
    },
  ],
};
