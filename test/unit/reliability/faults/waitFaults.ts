import { always, type Fault, type FaultGroup, on, portal, quick } from './fault.ts';

const goesOn = { outcome: 'goes on' } as const;
const free = { outcome: 'ends, goes on free' } as const;
const impatient: Fault['desk'] = { limits: { project: quick } };

/** The next project fails at Magic Hour with this code; the one after that does not. */
const failing = (code: string, message: string): Pick<Fault, 'outcome' | 'arrange'> => ({
  outcome: 'ends',
  arrange: ({ server }) => server.control.plan({ status: 'error', error: { code, message } }),
});

export const waits: FaultGroup = {
  title: 'Waiting for Magic Hour',
  faults: [
    {
      name: 'the key was revoked meanwhile (401)',
      outcome: 'needs key',
      arrange: on('project', { kind: 'status', status: 401 }),
    },
    {
      name: 'the project is not there (404)',
      ...free,
      arrange: on('project', { kind: 'status', status: 404 }),
    },
    {
      name: 'too many requests (429) with Retry-After',
      ...goesOn,
      arrange: on('project', { kind: 'status', status: 429, headers: { 'retry-after': '11' } }),
    },
    {
      name: 'the server fails five times (500)',
      ...goesOn,
      arrange: on('project', { kind: 'status', status: 500 }, { times: 5 }),
    },
    {
      name: 'bad gateway (502)',
      ...goesOn,
      arrange: on('project', { kind: 'status', status: 502 }),
    },
    {
      name: 'the connection breaks before the answer',
      ...goesOn,
      arrange: on('project', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection breaks within the answer',
      ...goesOn,
      arrange: on('project', { kind: 'reset', when: 'reply' }),
    },
    { name: 'no answer comes', ...goesOn, desk: impatient, arrange: on('project', { kind: 'hold' }) },
    {
      name: 'the answer stops half-way',
      ...goesOn,
      desk: impatient,
      arrange: on('project', { kind: 'stall' }),
    },
    { name: 'the answer is no JSON', ...goesOn, arrange: on('project', { kind: 'malformed' }) },
    { name: 'the answer never ends', ...goesOn, arrange: on('project', { kind: 'oversize' }) },
    {
      name: 'the answer is about another project',
      ...goesOn,
      arrange: on('project', { kind: 'edit', set: { id: 'another' } }),
    },
    {
      name: 'a public network asks to sign in first',
      ...goesOn,
      arrange: on('project', portal, { times: 3 }),
    },
    {
      name: 'the answer points elsewhere (302)',
      ...goesOn,
      arrange: on('project', { kind: 'redirect', to: 'https://elsewhere.example/' }),
    },
    {
      name: 'a status that nobody has heard of',
      ...goesOn,
      arrange: on(
        'project',
        { kind: 'edit', set: { status: 'simmering' }, drop: ['downloads'] },
        { times: 3 },
      ),
    },
    {
      name: 'complete, but without a result yet',
      ...goesOn,
      arrange: on('project', { kind: 'edit', set: { downloads: [] } }, { times: 3 }),
    },
    {
      name: 'the network is gone for a while',
      ...goesOn,
      server: { behaviour: { clock: 'manual' } },
      during: async ({ server, desk }, job) => {
        const { projectId = '' } = await desk.until(job, ({ phase }) => phase === 'waiting');
        server.control.configure({ offline: true });
        await desk.until(job, ({ progress }) => progress?.trouble !== undefined);
        server.control.complete(projectId);
        server.control.configure({ offline: false });
      },
    },
    {
      name: 'the computer sleeps for five hours',
      ...goesOn,
      server: { behaviour: { clock: 'manual' } },
      during: async ({ server, desk }, job) => {
        const { projectId = '' } = await desk.until(job, ({ phase }) => phase === 'waiting');
        desk.clock.jump(5 * 3_600_000);
        server.control.complete(projectId);
      },
    },
    {
      name: 'the clock is set back by a day',
      ...goesOn,
      server: { behaviour: { clock: 'manual' } },
      during: async ({ server, desk }, job) => {
        const { projectId = '' } = await desk.until(job, ({ phase }) => phase === 'waiting');
        desk.clock.jump(-24 * 3_600_000);
        server.control.complete(projectId);
      },
    },
    {
      name: 'no end after more than a day',
      ...free,
      server: { behaviour: { clock: 'manual' } },
      desk: { speed: 20_000 },
      mend: ({ server }) => {
        for (const { id } of server.control.projects()) server.control.complete(id);
      },
    },
    { name: 'no face is found', ...failing('no_source_face', 'Please use an image with a detectable face') },
    { name: 'a file cannot be read', ...failing('invalid_image_file', 'Invalid image') },
    { name: 'the content policy forbids it', ...failing('content_policy_violation', 'Policy') },
    { name: 'the credits ran out', ...failing('insufficient_credits', 'Credits') },
    { name: 'the render took too long', ...failing('processing_timeout', 'Timeout') },
    {
      name: 'a failure that nobody has heard of, with Markdown in its words',
      ...failing('moon_phase', 'The [moon](https://moon.example/?auth-value=x) is <i>wrong</i>.'),
    },
    {
      name: 'a failure without a word',
      outcome: 'ends',
      arrange: on('project', { kind: 'edit', set: { status: 'error', error: null } }),
      cure: 'retry',
    },
    {
      name: 'the project is canceled',
      outcome: 'ends',
      arrange: ({ server }) => server.control.plan({ status: 'canceled' }),
    },
    {
      name: 'the project is deleted by somebody, and the server says so',
      outcome: 'ends',
      server: { behaviour: { afterDelete: 'disabled' } },
      arrange: on('project', { kind: 'gone' }, always),
    },
  ],
};
