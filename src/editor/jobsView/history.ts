import { bareUrl } from '../../api/redact.ts';
import type { Job } from '../../jobs/job.ts';

const columns = [
  'created',
  'ended',
  'tool',
  'name',
  'state',
  'credits',
  'project',
  'results',
  'inputs',
] as const;

/** Jobs as CSV (RFC 4180), without secrets in URLs. Cells that a spreadsheet would run as a formula are escaped. */
export function historyCsv(jobs: readonly Job[]): string {
  const rows = jobs.map(job => [
    new Date(job.createdAt).toISOString(),
    job.endedAt === undefined ? '' : new Date(job.endedAt).toISOString(),
    job.request.tool,
    String(job.request.values['name'] ?? ''),
    job.phase,
    String(job.creditsCharged ?? ''),
    job.projectId ?? '',
    job.results.join(' '),
    Object.values(job.request.inputs)
      .map(source => (source.kind === 'file' ? source.uri : bareUrl(source.url)))
      .join(' '),
  ]);
  return [columns, ...rows].map(row => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
