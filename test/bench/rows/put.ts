import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { bytes, median, sideBySide, times } from '../figures.ts';
import { Skip, type Row } from '../row.ts';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));

/** Node runs TypeScript, and says nothing of it. */
const quiet = ['--disable-warning=ExperimentalWarning'];

export const put: Row = {
  name: 'put',
  what: '1 GiB to a storage server on this machine',
  reference: '`curl -T` of the same file; the official client beside it',
  method:
    'Each upload in a process of its own (ours and the official client after a small upload that loads everything), the storage server in another. Ours asks for the address first, as the extension does; `curl` only sends. Memory is the largest size of the process less its size before.',
  async measure(bench) {
    await run('curl', ['--version']).catch(() => {
      throw new Skip('there is no curl');
    });
    const [file, warmUp] = [await bench.media.noise(1024), await bench.media.noise(8)];
    const { size } = await stat(file);
    const server = spawn(process.execPath, [...quiet, script('storage')], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [url = ''] = (await once(createInterface({ input: server.stdout }), 'line')) as string[];

    const client = async (who: string): Promise<{ took: number; grown: number }> => {
      const args = [...quiet, script('put'), who, url, file, warmUp, await bench.newFolder('put')];
      return JSON.parse((await run(process.execPath, args)).stdout);
    };
    const curl = async (): Promise<{ took: number; grown: number }> => {
      const args = ['-sS', '-H', 'expect:', '-T', file, '-w', '%{time_total}', `${url}/file`];
      return { took: Number((await run('curl', args)).stdout) * 1000, grown: Number.NaN };
    };
    try {
      await curl();
      const results = await sideBySide(9, { ours: () => client('ours'), curl });
      const beside = await sideBySide(2, { official: () => client('official') });
      const rate = (all: readonly { took: number }[]): number =>
        (size / median(all.map(({ took }) => took))) * 1000;
      const grown = (all: readonly { grown: number }[]): number => median(all.map(each => each.grown));
      const share = rate(results.ours) / rate(results.curl);
      return [
        {
          of: 'throughput',
          ours: `${bytes(rate(results.ours))}/s`,
          reference: `${bytes(rate(results.curl))}/s (curl)`,
          result: times(share),
          atLeast: '0.9 ×',
          reached: share >= 0.9,
        },
        {
          of: 'throughput beside the official client',
          ours: `${bytes(rate(results.ours))}/s`,
          reference: `${bytes(rate(beside.official))}/s`,
          result: times(rate(results.ours) / rate(beside.official)),
          atLeast: '–',
          reached: undefined,
        },
        {
          of: 'memory',
          ours: bytes(grown(results.ours)),
          reference: `${bytes(grown(beside.official))} (official client)`,
          result: bytes(grown(results.ours)),
          atLeast: '≤ 64 MiB',
          reached: grown(results.ours) <= 64 * 2 ** 20,
        },
      ];
    } finally {
      server.stdin.end();
      if (server.exitCode === null) await once(server, 'exit');
    }
  },
};
