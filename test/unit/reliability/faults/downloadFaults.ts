import { always, type Fault, type FaultGroup, veryFast, on, captivePortal, shortLimits } from './fault.ts';

const recovers = { outcome: 'recovers' } as const;
const resumable = { outcome: 'ends, resumes free' } as const;
const shortTimeouts: Fault['harness'] = { limits: { download: shortLimits } };

export const downloads: FaultGroup = {
  title: 'Downloading',
  faults: [
    {
      name: 'the connection drops before the response',
      ...recovers,
      arrange: on('download', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection drops in the middle',
      ...recovers,
      arrange: on('download', { kind: 'reset', when: 'reply' }),
    },
    {
      name: "the connection drops in the middle, and the storage server can't resume",
      ...recovers,
      server: { behavior: { ranges: false } },
      arrange: on('download', { kind: 'reset', when: 'reply' }, { times: 2 }),
    },
    { name: 'the result is truncated', ...recovers, arrange: on('download', { kind: 'truncate' }) },
    {
      name: 'the result is truncated again and again',
      ...resumable,
      harness: { speed: veryFast },
      server: { behavior: { ranges: false } },
      arrange: on('download', { kind: 'truncate' }, always),
    },
    {
      name: 'the transfer stalls',
      ...recovers,
      harness: shortTimeouts,
      arrange: on('download', { kind: 'stall' }),
    },
    {
      name: 'the storage server never responds',
      ...recovers,
      harness: shortTimeouts,
      arrange: on('download', { kind: 'hold' }),
    },
    {
      name: "the connection is slow but doesn't stall",
      ...recovers,
      harness: { limits: { download: { headers: 1_000, idle: 1_000 } } },
      arrange: on('download', { kind: 'slow', bytesPerSecond: 20_000 }),
    },
    { name: 'the URL has expired', ...recovers, arrange: on('download', { kind: 'expire' }) },
    {
      name: 'every URL is rejected (403)',
      ...resumable,
      harness: { speed: veryFast },
      arrange: on('download', { kind: 'status', status: 403, empty: true }, always),
    },
    {
      name: "the result isn't stored yet (404)",
      ...recovers,
      arrange: on('download', { kind: 'status', status: 404, empty: true }, { times: 2 }),
    },
    {
      name: 'the result is never stored (404)',
      ...resumable,
      harness: { speed: veryFast },
      arrange: on('download', { kind: 'status', status: 404, empty: true }, always),
    },
    {
      name: 'the storage server fails (500)',
      ...recovers,
      arrange: on('download', { kind: 'status', status: 500 }),
    },
    {
      name: 'the storage server rejects the range (416)',
      ...recovers,
      arrange: scene => {
        on('download', { kind: 'truncate' })(scene);
        on('download', { kind: 'status', status: 416, empty: true })(scene);
      },
    },
    {
      name: 'a public network asks for a sign-in first',
      ...recovers,
      arrange: on('download', captivePortal, { times: 2 }),
    },
    {
      name: 'the storage server redirects to an insecure URL',
      ...resumable,
      arrange: on('download', { kind: 'redirect', to: 'http://elsewhere.example/' }),
    },
    {
      name: 'the storage server redirects in a loop',
      ...resumable,
      harness: { speed: veryFast },
      arrange: scene =>
        on('download', { kind: 'redirect', to: `${scene.server.storageUrl}/again` }, always)(scene),
    },
    {
      name: 'the project lists 200 results',
      ...recovers,
      arrange: ({ server }) => server.control.plan({ results: 200 }),
    },
    {
      name: 'the project is deleted before the download',
      ...resumable,
      arrange: on('download', { kind: 'hold' }),
      during: async ({ server }) => {
        const { project = '' } = await server.control.held('download');
        server.control.remove(project || (server.control.projects()[0]?.id ?? ''));
        server.control.release('download', 'reset');
      },
      userAction: 'retry',
    },
  ],
};
