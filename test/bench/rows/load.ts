import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launchFakeApi } from '../../fake-api/launch.ts';
import { bytes, count, ms } from '../figures.ts';
import { portrait } from '../media.ts';
import type { Row } from '../row.ts';

const script = fileURLToPath(new URL('../processes/load.ts', import.meta.url));

/** Eight to each origin and eight for creates, each of which may be closing while the next opens (api/network.ts). */
const mostSockets = 48;

interface Load {
  readonly took: number;
  readonly grown: number;
  readonly saved: number;
  readonly failed: number;
}

export const load: Row = {
  name: 'load',
  what: '500 jobs at once, 50 of them with a fault',
  reference: 'none',
  method:
    'Five hundred headshots of different pictures in a process of its own, with the default settings and the clock on the wall; ten connections broken in an upload, ten storages that are out of order, ten refused creates, ten replies and ten downloads that break off. Memory is the largest size of the process less its size before; connections are counted by the fake API. That all of them end right is tested in `test/unit/reliability/load.test.ts`.',
  async measure(bench) {
    const server = await launchFakeApi();
    try {
      const { control } = server;
      await control.configure({ renderMs: { headshot: 300 } });
      await control.setAccount({ credits: 1e6 });
      const folder = await bench.newFolder('load');
      const args = ['--disable-warning=ExperimentalWarning', script];
      args.push(server.apiUrl, server.controlUrl, portrait, folder);
      const { stdout } = await promisify(execFile)(process.execPath, args);
      const { took, grown, saved, failed } = JSON.parse(stdout) as Load;
      const { sockets } = await control.maxConcurrent;
      const informed = { reference: '–', atLeast: '–', reached: undefined };
      return [
        { of: 'time', ours: ms(took), result: `${saved} saved, ${failed} refused`, ...informed },
        { of: 'memory', ours: bytes(grown), result: bytes(grown), ...informed },
        {
          of: 'connections at a time',
          ours: count(sockets),
          reference: '–',
          result: count(sockets),
          atLeast: `≤ ${mostSockets}`,
          reached: sockets <= mostSockets,
        },
      ];
    } finally {
      await server.close();
    }
  },
};
