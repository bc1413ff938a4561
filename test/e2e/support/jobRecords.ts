import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import type { JobRecord } from '../../../src/jobs/job.ts';
import { isRemoved } from '../../../src/jobs/job.ts';
import { parseRecord } from '../../../src/jobs/record.ts';
import type { Host } from '../harness/host.ts';

/** Reads all job records on disk, or only that of job `id`. Synchronous, so that a test can act on them immediately. */
export function readJobs(host: Host, id?: string): JobRecord[] {
  const folder = join(host.globalStorage, 'jobs', 'records');
  return (id === undefined ? list(folder) : [id]).flatMap(job => {
    for (;;) {
      const revisions = list(join(folder, job)).flatMap(name => /^(\d+)\.json$/.exec(name)?.[1] ?? []);
      if (revisions.length === 0) return [];
      const text = read(join(folder, job, `${Math.max(...revisions.map(Number))}.json`));
      // The record is missing if a new revision has replaced it since the folder was listed.
      if (text === undefined) continue;
      const stored = parseRecord(text);
      return stored && !isRemoved(stored) ? [stored] : [];
    }
  });
}

/** Returns `heads/01` for a job with the image `…/heads/01.png`. */
export function nameOf({ request }: JobRecord): string {
  const source = request.inputs['image'];
  if (source?.kind !== 'file') throw new Error('A job of these tests has an image on disk');
  const path = decodeURIComponent(new URL(source.uri).pathname);
  return path.split('/').slice(-2).join('/').slice(0, -extname(path).length);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
