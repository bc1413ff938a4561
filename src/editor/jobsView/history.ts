import { bareUrl } from '../../api/redact.ts';
import { chargedFor, knownCharge, type Job } from '../../jobs/job.ts';
import { localDate } from '../../shared/outputName.ts';

const columns = [
  'created',
  'ended',
  'tool',
  'name',
  'state',
  'credits',
  'project',
  'earlierProjects',
  'results',
  'inputs',
] as const;

/**
 * Exports jobs and monthly totals as CSV (RFC 4180). Removes secrets from URLs and escapes cells that a spreadsheet
 * would run as formulas.
 */
export function historyCsv(jobs: readonly Job[]): string {
  const rows = jobs.map(job => [
    new Date(job.createdAt).toISOString(),
    job.endedAt === undefined ? '' : new Date(job.endedAt).toISOString(),
    job.request.tool,
    String(job.request.values['name'] ?? ''),
    job.phase,
    String(knownCharge(job) ?? ''),
    job.projectId ?? '',
    job.earlierProjects?.join(' ') ?? '',
    job.results.join(' '),
    Object.values(job.request.inputs)
      .map(source => (source.kind === 'file' ? source.uri : bareUrl(source.url)))
      .join(' '),
  ]);
  const totals = [...monthlyCredits(jobs)].map(([month, credits]) =>
    columns.map(column =>
      column === 'created'
        ? month
        : column === 'tool'
          ? 'total'
          : column === 'credits'
            ? String(credits)
            : '',
    ),
  );
  return [columns, ...rows, ...totals].map(row => row.map(cell).join(',')).join('\r\n') + '\r\n';
}

/** Sums the charged credits by month (such as `2026-11`, in local time). Months are in the order of the jobs. */
export function monthlyCredits(jobs: readonly Job[]): ReadonlyMap<string, number> {
  const months = new Map<string, number>();
  for (const job of jobs) {
    const month = localDate(new Date(job.createdAt)).slice(0, 7);
    months.set(month, (months.get(month) ?? 0) + chargedFor(job));
  }
  return months;
}

function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
