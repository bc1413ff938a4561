import { always, type Fault, type FaultGroup, on, captivePortal, shortLimits } from './fault.ts';

const recovers = { outcome: 'recovers' } as const;
const resumable = { outcome: 'ends, resumes free' } as const;
const shortTimeouts: Fault['harness'] = { limits: { project: shortLimits } };

/** Makes the next project fail on the server with this code. The project after that succeeds. */
const failing = (code: string, message: string): Pick<Fault, 'outcome' | 'arrange'> => ({
  outcome: 'ends',
  arrange: ({ server }) => server.control.plan({ status: 'error', error: { code, message } }),
});

export const waits: FaultGroup = {
  title: 'Waiting for Magic Hour',
  faults: [
    {
      name: 'the API key was revoked in the meantime (401)',
      outcome: 'needs key',
      arrange: on('project', { kind: 'status', status: 401 }),
    },
    {
      name: "the project doesn't exist (404)",
      ...resumable,
      arrange: on('project', { kind: 'status', status: 404 }),
    },
    {
      name: 'too many requests (429) with Retry-After',
      ...recovers,
      arrange: on('project', { kind: 'status', status: 429, headers: { 'retry-after': '11' } }),
    },
    {
      name: 'too many requests (429) with a Retry-After of a day',
      ...recovers,
      arrange: on('project', { kind: 'status', status: 429, headers: { 'retry-after': '86400' } }),
    },
    {
      name: 'the server fails five times (500)',
      ...recovers,
      arrange: on('project', { kind: 'status', status: 500 }, { times: 5 }),
    },
    {
      name: 'bad gateway (502)',
      ...recovers,
      arrange: on('project', { kind: 'status', status: 502 }),
    },
    {
      name: 'the connection drops before the response',
      ...recovers,
      arrange: on('project', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection drops during the response',
      ...recovers,
      arrange: on('project', { kind: 'reset', when: 'reply' }),
    },
    {
      name: 'the server never responds',
      ...recovers,
      harness: shortTimeouts,
      arrange: on('project', { kind: 'hold' }),
    },
    {
      name: 'the response stalls halfway',
      ...recovers,
      harness: shortTimeouts,
      arrange: on('project', { kind: 'stall' }),
    },
    { name: "the response isn't JSON", ...recovers, arrange: on('project', { kind: 'malformed' }) },
    { name: 'the response never ends', ...recovers, arrange: on('project', { kind: 'oversize' }) },
    {
      name: 'the response is about another project',
      ...recovers,
      arrange: on('project', { kind: 'edit', set: { id: 'another' } }),
    },
    {
      name: 'a public network asks for a sign-in first',
      ...recovers,
      arrange: on('project', captivePortal, { times: 3 }),
    },
    {
      name: 'the response is a redirect (302)',
      ...recovers,
      arrange: on('project', { kind: 'redirect', to: 'https://elsewhere.example/' }),
    },
    {
      name: 'an unknown status',
      ...recovers,
      arrange: on(
        'project',
        { kind: 'edit', set: { status: 'simmering' }, drop: ['downloads'] },
        { times: 3 },
      ),
    },
    {
      name: 'complete, but without a result yet',
      ...recovers,
      arrange: on('project', { kind: 'edit', set: { downloads: [] } }, { times: 3 }),
    },
    {
      name: 'the network is down for a while',
      ...recovers,
      server: { behavior: { clock: 'manual' } },
      during: async ({ server, harness }, job) => {
        const { projectId = '' } = await harness.until(job, ({ phase }) => phase === 'waiting');
        server.control.configure({ offline: true });
        await harness.until(job, ({ progress }) => progress?.trouble !== undefined);
        server.control.complete(projectId);
        server.control.configure({ offline: false });
      },
    },
    {
      name: 'the computer sleeps for five hours',
      ...recovers,
      server: { behavior: { clock: 'manual' } },
      during: async ({ server, harness }, job) => {
        const { projectId = '' } = await harness.until(job, ({ phase }) => phase === 'waiting');
        harness.clock.jump(5 * 3_600_000);
        server.control.complete(projectId);
      },
    },
    {
      name: 'the clock is set back by a day',
      ...recovers,
      server: { behavior: { clock: 'manual' } },
      during: async ({ server, harness }, job) => {
        const { projectId = '' } = await harness.until(job, ({ phase }) => phase === 'waiting');
        harness.clock.jump(-24 * 3_600_000);
        server.control.complete(projectId);
      },
    },
    {
      name: 'not complete after more than a day',
      ...resumable,
      server: { behavior: { clock: 'manual' } },
      harness: { speed: 20_000 },
      fix: ({ server }) => {
        for (const { id } of server.control.projects()) server.control.complete(id);
      },
    },
    { name: 'no face is found', ...failing('no_source_face', 'Please use an image with a detectable face') },
    { name: "a file can't be read", ...failing('invalid_image_file', 'Invalid image') },
    { name: 'the content policy forbids it', ...failing('content_policy_violation', 'Policy') },
    { name: 'the credits run out', ...failing('insufficient_credits', 'Credits') },
    { name: 'rendering takes too long', ...failing('processing_timeout', 'Timeout') },
    {
      name: 'an unknown failure with Markdown in its message',
      ...failing('moon_phase', 'The [moon](https://moon.example/?auth-value=x) is <i>wrong</i>.'),
    },
    {
      name: 'a failure without a message',
      outcome: 'ends',
      arrange: on('project', { kind: 'edit', set: { status: 'error', error: null } }),
      userAction: 'retry',
    },
    {
      name: 'the project is canceled',
      outcome: 'ends',
      arrange: ({ server }) => server.control.plan({ status: 'canceled' }),
    },
    {
      name: 'the project is deleted on the server, and the server says so',
      outcome: 'ends',
      server: { behavior: { afterDelete: 'disabled' } },
      arrange: on('project', { kind: 'gone' }, always),
    },
  ],
};
