import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import type { JobRecord } from '../../../src/jobs/job.ts';
import { isRemoved, parseRecord } from '../../../src/jobs/record.ts';
import type { Host } from '../harness/host.ts';

/** The jobs as stored on disk (or only job `id`), read at once: what another process finds there after a crash. */
export function readLedger(host: Host, id = ''): JobRecord[] {
  const folder = join(host.globalStorage, 'jobs', 'records');
  return list(folder)
    .filter(path => basename(path).startsWith(id))
    .flatMap(path => latestIn(path) ?? []);
}

function latestIn(folder: string): JobRecord | undefined {
  for (;;) {
    const revisions = list(folder).flatMap(path => /^(\d+)\.json$/.exec(basename(path))?.[1] ?? []);
    if (revisions.length === 0) return undefined;
    const text = read(join(folder, `${Math.max(...revisions.map(Number))}.json`));
    // Replaced since the folder was listed.
    if (text === undefined) continue;
    const stored = parseRecord(text);
    return stored && !isRemoved(stored) ? stored : undefined;
  }
}

/** `heads/01` for a job with the image `…/heads/01.png`. */
export function nameOf({ request }: JobRecord): string {
  const source = request.inputs['image'];
  if (source?.kind !== 'file') throw new Error('A job of these tests has an image on disk');
  const path = decodeURIComponent(new URL(source.uri).pathname);
  return path.split('/').slice(-2).join('/').slice(0, -extname(path).length);
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder).map(name => join(folder, name));
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
