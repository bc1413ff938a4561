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

/** Hides Node's warning that running TypeScript is experimental. */
const quiet = ['--disable-warning=ExperimentalWarning'];

export const put: Row = {
  name: 'put',
  what: 'Uploading 1 GiB to a local storage server',
  reference: '`curl -T` with the same file, and the official client',
  method:
    'Each upload runs in its own process (the extension and the official client after a small upload that loads all code), and so does the storage server. The extension requests an upload URL first; `curl` only uploads. Memory is the peak size of the process minus its size before.',
  async measure(bench) {
    await run('curl', ['--version']).catch(() => {
      throw new Skip('curl isn’t installed');
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
      const reference = await sideBySide(2, { official: () => client('official') });
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
          target: '0.9 ×',
          reached: share >= 0.9,
        },
        {
          of: 'throughput compared with the official client',
          ours: `${bytes(rate(results.ours))}/s`,
          reference: `${bytes(rate(reference.official))}/s`,
          result: times(rate(results.ours) / rate(reference.official)),
          target: '–',
          reached: undefined,
        },
        {
          of: 'memory',
          ours: bytes(grown(results.ours)),
          reference: `${bytes(grown(reference.official))} (official client)`,
          result: bytes(grown(results.ours)),
          target: '≤ 64 MiB',
          reached: grown(results.ours) <= 64 * 2 ** 20,
        },
      ];
    } finally {
      server.stdin.end();
      if (server.exitCode === null) await once(server, 'exit');
    }
  },
};
