import { always, type Fault, type FaultGroup, hurried, on, portal, quick } from './fault.ts';

const goesOn = { outcome: 'goes on' } as const;
const free = { outcome: 'ends, goes on free' } as const;
const impatient: Fault['desk'] = { limits: { download: quick } };

export const downloads: FaultGroup = {
  title: 'Downloading',
  faults: [
    {
      name: 'the connection breaks before the answer',
      ...goesOn,
      arrange: on('download', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection breaks in the middle',
      ...goesOn,
      arrange: on('download', { kind: 'reset', when: 'reply' }),
    },
    {
      name: 'the connection breaks in the middle, and the storage cannot go on from there',
      ...goesOn,
      server: { behaviour: { ranges: false } },
      arrange: on('download', { kind: 'reset', when: 'reply' }, { times: 2 }),
    },
    { name: 'the result is cut off', ...goesOn, arrange: on('download', { kind: 'truncate' }) },
    {
      name: 'the result is cut off again and again',
      ...free,
      desk: { speed: hurried },
      server: { behaviour: { ranges: false } },
      arrange: on('download', { kind: 'truncate' }, always),
    },
    { name: 'the line stands still', ...goesOn, desk: impatient, arrange: on('download', { kind: 'stall' }) },
    {
      name: 'the storage does not answer',
      ...goesOn,
      desk: impatient,
      arrange: on('download', { kind: 'hold' }),
    },
    {
      name: 'the line is slow but moves',
      ...goesOn,
      desk: { limits: { download: { headers: 1_000, idle: 1_000 } } },
      arrange: on('download', { kind: 'slow', bytesPerSecond: 20_000 }),
    },
    { name: 'the address has expired', ...goesOn, arrange: on('download', { kind: 'expire' }) },
    {
      name: 'every address is refused (403)',
      ...free,
      desk: { speed: hurried },
      arrange: on('download', { kind: 'status', status: 403, empty: true }, always),
    },
    {
      name: 'the result is not in the storage yet (404)',
      ...goesOn,
      arrange: on('download', { kind: 'status', status: 404, empty: true }, { times: 2 }),
    },
    {
      name: 'the result is never in the storage (404)',
      ...free,
      desk: { speed: hurried },
      arrange: on('download', { kind: 'status', status: 404, empty: true }, always),
    },
    { name: 'the storage fails (500)', ...goesOn, arrange: on('download', { kind: 'status', status: 500 }) },
    {
      name: 'the storage refuses the range (416)',
      ...goesOn,
      arrange: scene => {
        on('download', { kind: 'truncate' })(scene);
        on('download', { kind: 'status', status: 416, empty: true })(scene);
      },
    },
    {
      name: 'a public network asks to sign in first',
      ...goesOn,
      arrange: on('download', portal, { times: 2 }),
    },
    {
      name: 'the storage points to an address that is not safe',
      ...free,
      arrange: on('download', { kind: 'redirect', to: 'http://elsewhere.example/' }),
    },
    {
      name: 'the storage points in circles',
      ...free,
      desk: { speed: hurried },
      arrange: scene =>
        on('download', { kind: 'redirect', to: `${scene.server.storageUrl}/again` }, always)(scene),
    },
    {
      name: 'the project was deleted before it was downloaded',
      ...free,
      arrange: on('download', { kind: 'hold' }),
      during: async ({ server }) => {
        const { project = '' } = await server.control.held('download');
        server.control.remove(project || (server.control.projects()[0]?.id ?? ''));
        server.control.release('download', 'reset');
      },
      cure: 'retry',
    },
  ],
};
