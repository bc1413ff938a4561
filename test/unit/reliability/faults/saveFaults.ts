import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Disk } from '../../../../src/jobs/disk.ts';
import { partialName } from '../../../../src/jobs/partialDownloads.ts';
import type { JobRecord } from '../../../../src/jobs/job.ts';
import type { Fault, FaultGroup } from './fault.ts';

const free = { outcome: 'ends, goes on free' } as const;
const goesOn = { outcome: 'goes on' } as const;

const refusal = (code: string): Error => Object.assign(new Error(`${code}: refused`), { code });

/** The disk refuses this operation, `times` times (without an end when left out), where `at` says so. */
const refusing =
  (
    operation: 'create' | 'place' | 'flush' | 'makeFolder',
    code: string,
    more: Refusing = {},
  ): Fault['desk'] =>
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

const manual = { behaviour: { clock: 'manual' } } as const;

/** Lies where the unfinished download is going to be written. */
const instead =
  (make: (path: string) => Promise<unknown>): Fault['during'] =>
  async (scene, job) => {
    const waiting = await scene.desk.until(job, ({ phase }) => phase === 'waiting');
    const { projectId = '', owner } = waiting as JobRecord;
    await make(join(scene.desk.folder, partialName(job, 0, owner?.claim ?? '')));
    scene.server.control.complete(projectId);
  };

export const saves: FaultGroup = {
  title: 'Saving',
  faults: [
    {
      name: 'the disk is full while the result arrives',
      ...free,
      possible: existsSync('/dev/full'),
      server: manual,
      during: instead(path => symlink('/dev/full', path)),
    },
    {
      name: 'the unfinished download cannot be written',
      ...free,
      server: manual,
      during: instead(path => mkdir(path)),
      mend: async ({ desk }) => {
        for (const name of await readdir(desk.folder))
          if (name.endsWith('.part')) await rm(join(desk.folder, name), { recursive: true });
      },
    },
    {
      name: 'the folder is in truth a file',
      ...free,
      request: desk => ({ folder: pathToFileURL(join(desk.folder, 'anna.png')).href }),
      into: 'results',
    },
    {
      name: 'the folder was deleted meanwhile',
      ...goesOn,
      server: manual,
      request: desk => ({ folder: pathToFileURL(join(desk.folder, 'results')).href }),
      arrange: ({ desk }) => mkdir(join(desk.folder, 'results')),
      during: async ({ server, desk }, job) => {
        const { projectId = '' } = await desk.until(job, ({ phase }) => phase === 'waiting');
        await rm(join(desk.folder, 'results'), { recursive: true });
        server.control.complete(projectId);
      },
    },
    { name: 'the folder takes no new files', ...free, desk: refusing('place', 'EACCES', { times: 1 }) },
    { name: 'the file system is read-only', ...free, desk: refusing('place', 'EROFS', { times: 1 }) },
    {
      name: 'the disk is full when the result gets its name',
      ...free,
      desk: refusing('place', 'ENOSPC', { times: 1 }),
    },
    { name: 'the quota is used up', ...free, desk: refusing('flush', 'EDQUOT', { times: 1 }) },
    { name: 'the disk is broken', ...free, desk: refusing('flush', 'EIO', { times: 1 }) },
    {
      name: 'the name is taken by a file of the person',
      ...goesOn,
      arrange: ({ desk }) => writeFile(join(desk.folder, 'anna-headshot.png'), 'mine'),
      mend: async ({ desk }) => {
        const path = join(desk.folder, 'anna-headshot.png');
        if ((await readFile(path, 'utf8')) !== 'mine') throw new Error('It was overwritten');
        await rm(path);
      },
    },
    {
      name: 'the server names the result after a path out of the folder',
      ...goesOn,
      arrange: ({ server }) => server.control.plan({ outputName: '..%2f..%2f..%2fstartup.sh' }),
    },
    {
      name: 'an unfinished download of before, longer than the result',
      ...goesOn,
      server: manual,
      during: instead(path => writeFile(path, Buffer.alloc(3_000_000))),
    },
  ],
};

export const records: FaultGroup = {
  title: 'The list of jobs',
  faults: [
    {
      name: 'the disk is full when the job is submitted',
      outcome: 'not started',
      creates: 0,
      projects: 0,
      desk: refusing('create', 'ENOSPC', { times: 1, at: ({ path }) => isRecord(path) }),
    },
    {
      name: 'its folder cannot be made',
      outcome: 'not started',
      creates: 0,
      projects: 0,
      desk: refusing('makeFolder', 'EACCES', { times: 1 }),
    },
    {
      name: 'the disk is full at the moment before the create',
      ...goesOn,
      desk: refusing('create', 'ENOSPC', { times: 2, at: ({ text }) => text.includes('"creating"') }),
    },
    {
      name: 'the disk is full at the moment after the create',
      ...goesOn,
      desk: refusing('create', 'ENOSPC', { times: 3, at: ({ path, isMade }) => isRecord(path) && isMade }),
    },
    {
      name: 'the disk is full when the saved result is written down',
      ...goesOn,
      desk: refusing('create', 'ENOSPC', { times: 2, at: ({ text }) => text.includes('"saved"') }),
    },
  ],
};
