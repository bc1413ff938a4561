import { parseArgs } from 'node:util';
import { DEFAULT_KEY } from './accounts.ts';
import { TOOLS } from './catalogue.ts';
import { startFakeApi } from './server.ts';

/**
 * Runs the fake API as a process and prints its URLs (with `--json` as one line of JSON):
 *   node test/fake-api/main.ts --port 8787 --storage-port 8788 --control-port 8789 --lifelike
 */
const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    'storage-port': { type: 'string' },
    'control-port': { type: 'string' },
    /** Makes rendering slow enough to watch: 6 s per image, 15 s per video. */
    lifelike: { type: 'boolean', default: false },
    /** Lets projects change only through the control. */
    manual: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    /** Exit when the process at the other end of standard input exits or is killed. */
    attached: { type: 'boolean', default: false },
  },
});

const port = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);
const lifelike = Object.fromEntries(TOOLS.map(({ id, kind }) => [id, kind === 'image' ? 6000 : 15_000]));
const api = await startFakeApi({
  port: port(values.port),
  storagePort: port(values['storage-port']),
  controlPort: port(values['control-port']),
  behavior: {
    clock: values.manual ? 'manual' : 'real',
    ...(values.lifelike && { renderMs: lifelike, photos: true }),
  },
});

const { apiUrl, storageUrl, controlUrl } = api;
console.log(
  values.json
    ? JSON.stringify({ apiUrl, storageUrl, controlUrl })
    : `Stand-in Magic Hour API ${apiUrl}\n  storage ${storageUrl}\n  control ${controlUrl}\n  key     ${DEFAULT_KEY}`,
);

const stop = (): void => {
  void api.close().then(() => process.exit(0));
};
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
if (values.attached) process.stdin.once('end', stop).once('error', stop).resume();
