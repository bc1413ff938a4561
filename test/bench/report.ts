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
  /** The reason why there are no figures. */
  readonly skipped?: string;
  readonly seconds: number;
}

const symbol = (reached: boolean | undefined): string => (reached === undefined ? '·' : reached ? '✔' : '✖');

/** A row, formatted for the terminal. */
export function printed({ row, figures, skipped, seconds }: Outcome): string {
  const lines = figures.map(figure => {
    const { of, ours, reference, result, target, reached } = figure;
    return `  ${symbol(reached)} ${of}: ${ours}, reference ${reference}: ${result} (target ${target})`;
  });
  if (skipped !== undefined) lines.push(`  – not measured: ${skipped}`);
  return [`${row.name}: ${row.what} (${seconds.toFixed(0)} s)`, ...lines].join('\n');
}

/** The content of docs/benchmarks.md. */
export async function document(outcomes: readonly Outcome[]): Promise<string> {
  const all = outcomes.flatMap(({ figures }) => figures);
  const promised = all.filter(({ reached }) => reached !== undefined);
  const reached = promised.filter(figure => figure.reached).length;
  return [
    '# Benchmarks',
    'Written by `npm run bench`; `npm run bench -- NAME` measures one row and writes nothing. All figures come from one run that alternates between the extension and the reference (A B A B); each is the median of its measurements unless stated otherwise. Times depend on the machine, so look at the ratios. Figures that don’t depend on the machine (bytes, requests, sizes) are also tested in `test/unit`.',
    await machine(),
    `${reached} of ${promised.length} figures meet their targets.`,
    ...outcomes.flatMap(section),
    '',
  ].join('\n\n');
}

function section({ row, figures, skipped }: Outcome): string[] {
  const table = [
    '| | What | Extension | Reference | Result | Target |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(
      figure =>
        `| ${symbol(figure.reached)} | ${figure.of} | ${figure.ours} | ${figure.reference} | ${figure.result} | ${figure.target} |`,
    ),
  ].join('\n');
  const remark = remarks[row.name];
  return [
    `## ${row.what}`,
    `\`${row.name}\`, compared with ${row.reference}.`,
    skipped === undefined ? table : `Not measured in this run: ${skipped}.`,
    row.method,
    ...(remark !== undefined ? [remark] : []),
  ];
}

/** Describes the machine and the versions, without names or paths. */
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
