import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { cpus, release, totalmem, type as systemKind } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../host/paths.ts';
import { defaultVersion } from '../host/code-server.ts';
import type { Figure, Row } from './row.ts';
import { remarks } from './remarks.ts';

export interface Outcome {
  readonly row: Row;
  readonly figures: readonly Figure[];
  /** Why there are no figures. */
  readonly skipped?: string;
  readonly seconds: number;
}

const mark = (reached: boolean | undefined): string => (reached === undefined ? '·' : reached ? '✔' : '✖');

/** One row for the terminal. */
export function printed({ row, figures, skipped, seconds }: Outcome): string {
  const lines = figures.map(figure => {
    const { of, ours, reference, result, atLeast, reached } = figure;
    return `  ${mark(reached)} ${of}: ${ours}, reference ${reference}: ${result} (at least ${atLeast})`;
  });
  if (skipped !== undefined) lines.push(`  – not measured: ${skipped}`);
  return [`${row.name}: ${row.what} (${seconds.toFixed(0)} s)`, ...lines].join('\n');
}

/** The text of docs/benchmarks.md. */
export async function document(outcomes: readonly Outcome[]): Promise<string> {
  const all = outcomes.flatMap(({ figures }) => figures);
  const promised = all.filter(({ reached }) => reached !== undefined);
  const reached = promised.filter(figure => figure.reached).length;
  return [
    '# Benchmarks',
    'Written by `npm run bench`; `npm run bench -- NAME` measures one row and writes nothing. All of it comes from one run, ours and the reference in turn (A B A B), and a figure is the median of its runs unless it says otherwise. They are of this machine and this day: what can be relied on is the ratio. What does not depend on the machine (bytes, requests, sizes) is also a test in `test/unit`.',
    await machine(),
    `${reached} of ${promised.length} figures reach what was asked for.`,
    ...outcomes.flatMap(section),
    '',
  ].join('\n\n');
}

function section({ row, figures, skipped }: Outcome): string[] {
  const table = [
    '| | of | ours | reference | result | at least |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(
      figure =>
        `| ${mark(figure.reached)} | ${figure.of} | ${figure.ours} | ${figure.reference} | ${figure.result} | ${figure.atLeast} |`,
    ),
  ].join('\n');
  const remark = remarks[row.name];
  return [
    `## ${row.what}`,
    `\`${row.name}\`, against ${row.reference}.`,
    skipped === undefined ? table : `Not measured in this run: ${skipped}.`,
    row.method,
    ...(remark !== undefined ? [remark] : []),
  ];
}

/** What the figures are of: no names, no paths. */
async function machine(): Promise<string> {
  const version = async (name: string): Promise<string> => {
    const manifest = await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  };
  const curl = await promisify(execFile)('curl', ['--version']).then(
    ({ stdout }) => /^curl (\S+)/.exec(stdout)?.[1] ?? 'unknown',
    () => 'none',
  );
  const { version: own } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return [
    `- ${new Date().toISOString().slice(0, 10)}; ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${systemKind()} ${release().split('.').slice(0, 2).join('.')}`,
    `- Magic Hour for VS Code ${own}, Node ${process.versions.node}, code-server ${defaultVersion}`,
    `- undici ${await version('undici')}, mediabunny ${await version('mediabunny')}; official client (magic-hour) ${await version('magic-hour')}, curl ${curl}`,
  ].join('\n');
}
