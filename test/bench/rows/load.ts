import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { launchFakeApi } from '../../fake-api/launch.ts';
import { bytes, count, ms } from '../figures.ts';
import { portrait } from '../media.ts';
import type { Row } from '../row.ts';

const script = fileURLToPath(new URL('../processes/load.ts', import.meta.url));

/**
 * Eight sockets per origin and eight for create requests (api/connections.ts). The number is doubled because a socket
 * may still be closing while the next one opens.
 */
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
    'Five hundred headshots of different images in a separate process, with the default settings and the real clock. Ten uploads lose the connection, ten get a server error from storage, ten create requests are rejected, and ten responses and ten downloads are cut off. Memory is the peak size of the process minus its size before; the fake API counts connections. `test/unit/reliability/load.test.ts` checks that all jobs end correctly.',
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
      const informational = { reference: '–', target: '–', reached: undefined };
      return [
        { of: 'time', ours: ms(took), result: `${saved} saved, ${failed} rejected`, ...informational },
        { of: 'memory', ours: bytes(grown), result: bytes(grown), ...informational },
        {
          of: 'simultaneous connections',
          ours: count(sockets),
          reference: '–',
          result: count(sockets),
          target: `≤ ${mostSockets}`,
          reached: sockets <= mostSockets,
        },
      ];
    } finally {
      await server.close();
    }
  },
};
