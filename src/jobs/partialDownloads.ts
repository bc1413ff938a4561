import { join } from 'node:path';
import type { Disk } from './disk.ts';

/**
 * Where a download is until it gets its final name. Each claim on a job has its own files, so a window that was
 * suspended while another took over can write and rename only its own.
 */
export const partialName = (job: string, index: number, claim: string): string =>
  `.${job}-${index}-${claim}.part`;

/**
 * Removes the partial downloads of a job, except those of claim `keep`, so that their window can no longer rename them.
 */
export async function removePartials(folder: string, job: string, disk: Disk, keep?: string): Promise<void> {
  const pattern = new RegExp(`^\\.${job}-\\d+-([\\w-]+)\\.part$`);
  for (const name of await disk.list(folder)) {
    const claim = pattern.exec(name)?.[1];
    if (claim !== undefined && claim !== keep) await disk.remove(join(folder, name));
  }
}
