import { NotMine } from '../ledger.ts';
import { removeParts } from '../parts.ts';
import { shelfFor } from '../save.ts';
import type { Work, Workshop } from '../work.ts';
import { settlePlacing } from './collect.ts';

/** Unfinished downloads lie in a person's folder: they go before the job is let go of. */
export async function tidy(work: Work, shop: Workshop): Promise<void> {
  const { id, request, phase, placing } = work.job;
  if (phase !== 'downloading') return;
  const { parts, disk, remoteFiles, log } = shop;
  const shelf = shelfFor(request.folder, parts, disk, remoteFiles);
  try {
    if (placing) await settlePlacing(work, shop, shelf);
    await removeParts(shelf.parts, id, disk);
  } catch (error) {
    if (error instanceof NotMine) throw error;
    log.warn(`An unfinished download of job ${id} stays behind: ${String(error)}`);
  }
}
