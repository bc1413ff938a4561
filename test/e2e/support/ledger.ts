import { readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { parseRecord, type JobRecord } from '../../../src/jobs/record.ts';
import { parseRevision } from '../../../src/jobs/revisions.ts';
import type { Host } from '../harness/host.ts';

/** The jobs as they lie on disk (or only job `id`), read at once: what another process finds there after a crash. */
export function readLedger(host: Host, id = ''): JobRecord[] {
  const folder = join(host.globalStorage, 'jobs');
  for (;;) {
    const latest = new Map<string, JobRecord>();
    const files = [...list(join(folder, 'open')), ...list(join(folder, 'ended'))].filter(file =>
      basename(file).startsWith(id),
    );
    const isWhole = files.every(file => {
      const isRecord = parseRevision(basename(file)) !== undefined || /^[\w-]+\.json$/.test(basename(file));
      if (!isRecord) return true;
      const text = read(file);
      const parsed = text === undefined ? undefined : parseRecord(text);
      if (parsed?.kind === 'job' && parsed.job.revision >= (latest.get(parsed.job.id)?.revision ?? 0))
        latest.set(parsed.job.id, parsed.job);
      return text !== undefined;
    });
    if (isWhole) return [...latest.values()];
    // A record was written or moved since the folder was listed.
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
