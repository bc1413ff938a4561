import { always, type Fault, type FaultGroup, on, portal, quick } from './fault.ts';

const refused = { outcome: 'ends unpaid', projects: 0 } as const;
const asksMade = { outcome: 'asks', projects: 1 } as const;
const asksNothing = { outcome: 'asks', projects: 0 } as const;
const impatient: Fault['desk'] = { limits: { create: quick } };

export const creates: FaultGroup = {
  title: 'Creating: the moment of payment',
  faults: [
    {
      name: 'the key was revoked meanwhile (401)',
      outcome: 'needs key',
      projects: 0,
      arrange: on('create', { kind: 'status', status: 401 }),
    },
    {
      name: 'not enough credits (402)',
      ...refused,
      server: { account: { credits: 3 } },
      mend: ({ server }) => server.control.setAccount({ credits: 1000 }),
    },
    {
      name: 'not enough credits, said without a code (402)',
      ...refused,
      server: { account: { credits: 3 }, behaviour: { envelope: 'message' } },
      mend: ({ server }) => server.control.setAccount({ credits: 1000 }),
    },
    {
      name: 'a subscription is needed (402)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 402,
        json: { code: 'subscription_required', message: 'Subscribe' },
      }),
    },
    {
      name: 'a higher plan is needed (402)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 402,
        json: { code: 'plan_upgrade_required', message: 'Upgrade' },
      }),
    },
    {
      name: 'the account may not do this (403)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 403,
        json: { message: 'This resolution needs the Business plan.' },
      }),
    },
    {
      name: 'this API has no such tool (404)',
      ...refused,
      // It could have meant the files, so they are sent again once.
      creates: 2,
      arrange: on('create', { kind: 'status', status: 404 }, always),
    },
    {
      name: 'the values are refused (422)',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 422,
        json: { code: 'unprocessable_entity', message: 'The prompt is longer than 500 characters.' },
      }),
    },
    {
      name: 'the refusal has Markdown and a command link in it',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 422,
        json: { message: 'Bad [value](command:workbench.action.quit)\u202e\n<b>now</b>' },
      }),
    },
    {
      name: 'the server has forgotten the uploaded file (422)',
      outcome: 'goes on',
      creates: 2,
      arrange: on('create', {
        kind: 'status',
        status: 422,
        json: { message: 'The uploaded file was not found' },
      }),
    },
    {
      name: 'the server forgets the uploaded file again and again (422)',
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
      outcome: 'goes on',
      creates: 2,
      arrange: on('create', { kind: 'status', status: 429, headers: { 'retry-after': '5' } }),
    },
    {
      name: 'too many requests (429), three times, without Retry-After',
      outcome: 'goes on',
      creates: 4,
      arrange: on('create', { kind: 'status', status: 429 }, { times: 3 }),
    },
    {
      name: 'the server fails, nothing was made (500)',
      ...asksNothing,
      arrange: on('create', { kind: 'status', status: 500 }),
    },
    {
      name: 'the server fails after it was made (500)',
      ...asksMade,
      arrange: on('create', { kind: 'status', status: 500, when: 'after' }),
    },
    {
      name: 'bad gateway (502): Magic Hour says that nothing was made',
      ...refused,
      arrange: on('create', { kind: 'status', status: 502 }),
    },
    {
      name: 'unavailable (503), in the words of Magic Hour',
      ...refused,
      arrange: on('create', {
        kind: 'status',
        status: 503,
        json: { code: 'unavailable', message: 'Try later' },
      }),
    },
    {
      name: 'unavailable (503), in the words of a gateway, and it was made',
      ...asksMade,
      arrange: on('create', {
        kind: 'status',
        status: 503,
        html: '<h1>503</h1>',
        when: 'after',
      }),
    },
    {
      name: 'gateway timeout (504) after it was made',
      ...asksMade,
      arrange: on('create', { kind: 'status', status: 504, html: '<h1>504</h1>', when: 'after' }),
    },
    {
      name: 'the connection breaks before the request is read',
      ...asksNothing,
      arrange: on('create', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection breaks after it was made',
      ...asksMade,
      arrange: on('create', { kind: 'reset', when: 'after' }),
    },
    {
      name: 'the connection breaks within the answer',
      ...asksMade,
      arrange: on('create', { kind: 'reset', when: 'reply' }),
    },
    { name: 'the answer is cut off', ...asksMade, arrange: on('create', { kind: 'truncate' }) },
    {
      name: 'no answer comes, and it was made',
      ...asksMade,
      desk: impatient,
      arrange: on('create', { kind: 'hold', when: 'after' }),
    },
    {
      name: 'no answer comes, and it was not made',
      ...asksNothing,
      desk: impatient,
      arrange: on('create', { kind: 'hold', when: 'before' }),
    },
    {
      name: 'the answer stops half-way',
      ...asksMade,
      desk: impatient,
      arrange: on('create', { kind: 'stall' }),
    },
    { name: 'the answer is no JSON', ...asksMade, arrange: on('create', { kind: 'malformed' }) },
    { name: 'the answer never ends', ...asksMade, arrange: on('create', { kind: 'oversize' }) },
    {
      name: 'the answer has no id',
      ...asksMade,
      arrange: on('create', { kind: 'edit', drop: ['id'] }),
    },
    {
      name: 'the id in the answer is a path',
      ...asksMade,
      arrange: on('create', { kind: 'edit', set: { id: '../../account' } }),
    },
    {
      name: 'a public network answers with its own page (200)',
      ...asksNothing,
      arrange: on('create', portal),
    },
    {
      name: 'the answer points elsewhere (307)',
      ...refused,
      arrange: on('create', { kind: 'redirect', to: 'https://elsewhere.example/', status: 307 }),
    },
    {
      name: 'the answer says that the work was done and is to be seen elsewhere (303)',
      ...asksNothing,
      arrange: on('create', { kind: 'redirect', to: 'https://elsewhere.example/', status: 303 }),
    },
  ],
};
