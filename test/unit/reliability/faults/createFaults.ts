import { always, type Fault, type FaultGroup, on, captivePortal, shortLimits } from './fault.ts';

const refused = { outcome: 'ends unpaid', projects: 0 } as const;
const asksCreated = { outcome: 'asks', projects: 1 } as const;
const asksUncreated = { outcome: 'asks', projects: 0 } as const;
const shortTimeouts: Fault['harness'] = { limits: { create: shortLimits } };

export const creates: FaultGroup = {
  title: 'Creating the project: the moment of payment',
  faults: [
    {
      name: 'the API key was revoked in the meantime (401)',
      outcome: 'needs key',
      projects: 0,
      arrange: on('create', { kind: 'status', status: 401 }),
    },
    {
      name: 'not enough credits (402)',
      ...refused,
      server: { account: { credits: 3 } },
      fix: ({ server }) => server.control.setAccount({ credits: 1000 }),
    },
    {
      name: 'not enough credits, without an error code (402)',
      ...refused,
      server: { account: { credits: 3 }, behavior: { envelope: 'message' } },
      fix: ({ server }) => server.control.setAccount({ credits: 1000 }),
    },
    {
      name: 'a subscription is required (402)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 402,
        json: { code: 'subscription_required', message: 'Subscribe' },
      }),
    },
    {
      name: 'a higher plan is required (402)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 402,
        json: { code: 'plan_upgrade_required', message: 'Upgrade' },
      }),
    },
    {
      name: "the account isn't allowed to do this (403)",
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 403,
        json: { message: 'This resolution needs the Business plan.' },
      }),
    },
    {
      name: "the API doesn't have this tool (404)",
      ...refused,
      // The 404 could also mean that the files are missing, so they are uploaded again once.
      creates: 2,
      arrange: on('create', { kind: 'status', status: 404 }, always),
    },
    {
      name: 'the values are rejected (422)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 422,
        json: { code: 'unprocessable_entity', message: 'The prompt is longer than 500 characters.' },
      }),
    },
    {
      name: 'the error message contains Markdown and a command link',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 422,
        json: { message: 'Bad [value](command:workbench.action.quit)\u202e\n<b>now</b>' },
      }),
    },
    {
      name: "the server doesn't know the uploaded file (422)",
      outcome: 'recovers',
      creates: 2,
      arrange: on('create', {
        kind: 'status',
        status: 422,
        json: { message: 'The uploaded file was not found' },
      }),
    },
    {
      name: "the server doesn't know the uploaded file, again and again (422)",
      ...refused,
      creates: 2,
      arrange: on(
        'create',
        { kind: 'status', status: 422, json: { message: 'The uploaded file was not found' } },
        always,
      ),
    },
    {
      name: 'too many requests (429) with Retry-After',
      outcome: 'recovers',
      creates: 2,
      arrange: on('create', { kind: 'status', status: 429, headers: { 'retry-after': '5' } }),
    },
    {
      name: 'too many requests (429), three times, without Retry-After',
      outcome: 'recovers',
      creates: 4,
      arrange: on('create', { kind: 'status', status: 429 }, { times: 3 }),
    },
    {
      name: 'the server fails before it creates anything (500)',
      ...asksUncreated,
      arrange: on('create', { kind: 'status', status: 500 }),
    },
    {
      name: 'the server fails after it creates the project (500)',
      ...asksCreated,
      arrange: on('create', { kind: 'status', status: 500, when: 'after' }),
    },
    {
      name: 'bad gateway (502), which means that nothing was created',
      ...refused,
      arrange: on('create', { kind: 'status', status: 502 }),
    },
    {
      name: "unavailable (503), from Magic Hour's own server",
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 503,
        json: { code: 'unavailable', message: 'Try later' },
      }),
    },
    {
      name: 'unavailable (503), from a gateway, after the project was created',
      ...asksCreated,
      arrange: on('create', {
        kind: 'status',
        status: 503,
        html: '<h1>503</h1>',
        when: 'after',
      }),
    },
    {
      name: 'gateway timeout (504) after the project was created',
      ...asksCreated,
      arrange: on('create', { kind: 'status', status: 504, html: '<h1>504</h1>', when: 'after' }),
    },
    {
      name: 'the connection drops before the request is read',
      ...asksUncreated,
      arrange: on('create', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection drops after the project was created',
      ...asksCreated,
      arrange: on('create', { kind: 'reset', when: 'after' }),
    },
    {
      name: 'the connection drops during the response',
      ...asksCreated,
      arrange: on('create', { kind: 'reset', when: 'reply' }),
    },
    { name: 'the response is truncated', ...asksCreated, arrange: on('create', { kind: 'truncate' }) },
    {
      name: 'the server never responds, but created the project',
      ...asksCreated,
      harness: shortTimeouts,
      arrange: on('create', { kind: 'hold', when: 'after' }),
    },
    {
      name: 'the server never responds and created nothing',
      ...asksUncreated,
      harness: shortTimeouts,
      arrange: on('create', { kind: 'hold', when: 'before' }),
    },
    {
      name: 'the response stalls halfway',
      ...asksCreated,
      harness: shortTimeouts,
      arrange: on('create', { kind: 'stall' }),
    },
    { name: "the response isn't JSON", ...asksCreated, arrange: on('create', { kind: 'malformed' }) },
    { name: 'the response never ends', ...asksCreated, arrange: on('create', { kind: 'oversize' }) },
    {
      name: 'the response has no ID',
      ...asksCreated,
      arrange: on('create', { kind: 'edit', drop: ['id'] }),
    },
    {
      name: 'the ID in the response is a path',
      ...asksCreated,
      arrange: on('create', { kind: 'edit', set: { id: '../../account' } }),
    },
    {
      name: 'a public network responds with its own page (200)',
      ...asksUncreated,
      arrange: on('create', captivePortal),
    },
    {
      name: 'the response is a redirect (307)',
      ...refused,
      arrange: on('create', { kind: 'redirect', to: 'https://elsewhere.example/', status: 307 }),
    },
    {
      name: 'the response says that the request was handled and redirects (303)',
      ...asksUncreated,
      arrange: on('create', { kind: 'redirect', to: 'https://elsewhere.example/', status: 303 }),
    },
  ],
};
