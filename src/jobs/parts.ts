import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Disk } from './disk.ts';
import type { Job } from './job.ts';
import type { RemoteFiles } from './ports.ts';
import { isLocal } from './save.ts';

export type Placing = NonNullable<Job['placing']>;

/**
 * Where a download lies until it gets its name. Each claim on a job has parts of its own: a window that slept while
 * another took over goes on writing to, or naming, nothing but its own.
 */
export const partName = (job: string, index: number, claim: string): string =>
  `.${job}-${index}-${claim}.part`;

interface Part {
  readonly path: string;
  readonly index: number;
  readonly claim: string;
}

async function partsIn(folder: string, job: string, disk: Disk): Promise<Part[]> {
  const pattern = new RegExp(`^\\.${job}-(\\d+)-([\\w-]+)\\.part$`);
  return (await disk.list(folder)).flatMap(name => {
    const [, index, claim] = pattern.exec(name) ?? [];
    return index === undefined || claim === undefined
      ? []
      : [{ path: join(folder, name), index: Number(index), claim }];
  });
}

/** Removes whatever downloads of a job left in a folder of this disk. */
export async function removeParts(folder: string, job: string, disk: Disk): Promise<void> {
  for (const { path } of await partsIn(folder, job, disk)) await disk.remove(path);
}

/** Removes the parts of earlier claims: who comes back from sleep finds its part gone and can name it no more. */
export async function removeOldParts(folder: string, job: string, claim: string, disk: Disk): Promise<void> {
  for (const part of await partsIn(folder, job, disk)) if (part.claim !== claim) await disk.remove(part.path);
}

/** Had the announced name been given to the result? To be asked after the old parts are gone. */
export async function wasPlaced(placing: Placing, disk: Disk, remoteFiles: RemoteFiles): Promise<boolean> {
  if (!isLocal(placing.uri)) return (await remoteFiles.stat(placing.uri))?.bytes === placing.bytes;
  return (await disk.stamp(fileURLToPath(placing.uri))) === placing.stamp;
}
