import { rm, writeFile } from 'node:fs/promises';
import { always, type Fault, type FaultGroup, hurried, on, portal, quick } from './fault.ts';

const unpaid = { outcome: 'ends unpaid', creates: 0, projects: 0 } as const;
const goesOn = { outcome: 'goes on' } as const;
const slowAnswer: Fault['desk'] = { limits: { uploadUrls: quick } };

export const files: FaultGroup = {
  title: 'Reading the files',
  faults: [
    {
      name: 'the picture was deleted after the job was submitted',
      ...unpaid,
      arrange: ({ desk }) => rm(desk.input),
      mend: ({ desk }) => desk.restoreInput(),
    },
    {
      name: 'the picture was changed after the person saw it',
      ...unpaid,
      request: () => ({ seen: { image: { bytes: 1, modified: 1 } } }),
      cure: 'submit again',
    },
    {
      name: 'the picture is a text file with another name',
      ...unpaid,
      arrange: ({ desk }) => writeFile(desk.input, 'not a picture'),
      mend: ({ desk }) => desk.restoreInput(),
    },
  ],
};

export const addresses: FaultGroup = {
  title: 'Asking for upload addresses',
  faults: [
    {
      name: 'the key is refused',
      outcome: 'needs key',
      creates: 0,
      projects: 0,
      arrange: ({ desk }) => void (desk.key = 'mhk_live_revoked'),
    },
    {
      name: 'the account may not do this (403)',
      ...unpaid,
      arrange: on('uploadUrls', {
        kind: 'status',
        status: 403,
        json: { code: 'forbidden', message: 'Uploads are not enabled for this account.' },
      }),
    },
    {
      name: 'the format is refused (422)',
      ...unpaid,
      arrange: on('uploadUrls', {
        kind: 'status',
        status: 422,
        json: { message: "'png' is an invalid image extension" },
      }),
    },
    {
      name: 'too many requests (429), Retry-After in seconds',
      ...goesOn,
      arrange: on('uploadUrls', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }),
    },
    {
      name: 'too many requests (429), Retry-After as a date',
      ...goesOn,
      arrange: on('uploadUrls', {
        kind: 'status',
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 9_000).toUTCString() },
      }),
    },
    {
      name: 'the server fails once (500)',
      ...goesOn,
      arrange: on('uploadUrls', { kind: 'status', status: 500 }),
    },
    {
      name: 'the server is down for a quarter of an hour (503)',
      ...unpaid,
      desk: { speed: hurried },
      arrange: on('uploadUrls', { kind: 'status', status: 503 }, always),
    },
    {
      name: 'the connection breaks before the request is read',
      ...goesOn,
      arrange: on('uploadUrls', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection breaks before the answer',
      ...goesOn,
      arrange: on('uploadUrls', { kind: 'reset', when: 'after' }),
    },
    {
      name: 'the connection breaks within the answer',
      ...goesOn,
      arrange: on('uploadUrls', { kind: 'reset', when: 'reply' }),
    },
    { name: 'no answer comes', ...goesOn, desk: slowAnswer, arrange: on('uploadUrls', { kind: 'hold' }) },
    {
      name: 'the answer stops half-way',
      ...goesOn,
      desk: slowAnswer,
      arrange: on('uploadUrls', { kind: 'stall' }),
    },
    { name: 'the answer is cut off', ...goesOn, arrange: on('uploadUrls', { kind: 'truncate' }) },
    { name: 'the answer is no JSON', ...goesOn, arrange: on('uploadUrls', { kind: 'malformed' }) },
    { name: 'the answer never ends', ...goesOn, arrange: on('uploadUrls', { kind: 'oversize' }) },
    {
      name: 'a public network asks to sign in first',
      ...unpaid,
      desk: { speed: hurried },
      arrange: on('uploadUrls', portal, always),
    },
    {
      name: 'the answer points elsewhere (302)',
      ...unpaid,
      arrange: on('uploadUrls', { kind: 'redirect', to: 'https://elsewhere.example/' }),
    },
    {
      name: 'the address is not safe (http)',
      ...unpaid,
      arrange: on('uploadUrls', {
        kind: 'edit',
        set: { 'items.0.upload_url': 'http://storage.example/api-assets/a.png?auth-value=a' },
      }),
    },
  ],
};

export const uploads: FaultGroup = {
  title: 'Uploading',
  faults: [
    {
      name: 'the connection breaks in the middle of the file',
      ...goesOn,
      arrange: on('put', { kind: 'reset', atByte: 100_000 }),
    },
    {
      name: 'the connection breaks after the file has arrived',
      ...goesOn,
      arrange: on('put', { kind: 'reset', when: 'after' }),
    },
    {
      name: 'the line stands still in the middle of the file',
      ...goesOn,
      desk: { limits: { upload: quick } },
      arrange: on('put', { kind: 'hold', atByte: 100_000 }),
    },
    {
      name: 'the storage does not answer',
      ...goesOn,
      desk: { limits: { upload: quick } },
      arrange: on('put', { kind: 'hold', when: 'after' }),
    },
    {
      name: 'the line is slow but moves',
      ...goesOn,
      desk: { limits: { upload: { headers: 1_500, idle: 1_500 } } },
      arrange: on('put', { kind: 'slow', bytesPerSecond: 120_000 }),
    },
    {
      name: 'the address has expired',
      ...goesOn,
      arrange: on('put', { kind: 'expire' }),
    },
    {
      name: 'every address has expired',
      ...unpaid,
      desk: { speed: hurried },
      arrange: on('put', { kind: 'expire' }, always),
    },
    { name: 'the storage fails once (500)', ...goesOn, arrange: on('put', { kind: 'status', status: 500 }) },
    {
      name: 'the storage is overloaded (503) and says so early',
      ...goesOn,
      arrange: on('put', { kind: 'status', status: 503, early: true, headers: { 'retry-after': '3' } }),
    },
    {
      name: 'the file is too large for the plan (413)',
      ...unpaid,
      server: { behaviour: { maxUploadBytes: 1_000 } },
      mend: ({ server }) => server.control.configure({ maxUploadBytes: 2_000_000_000 }),
    },
    {
      name: 'the storage refuses the file (400)',
      ...unpaid,
      arrange: on('put', { kind: 'status', status: 400, html: '<p>Bad Request</p>' }),
    },
    {
      name: 'the storage points elsewhere (307)',
      ...goesOn,
      arrange: on('put', { kind: 'redirect', to: 'https://elsewhere.example/', status: 307 }),
    },
    {
      name: 'the picture changes while it is uploaded',
      ...unpaid,
      arrange: on('put', { kind: 'hold', atByte: 1 }),
      during: async ({ server, desk }) => {
        await server.control.held('put');
        await writeFile(desk.input, 'changed meanwhile');
        server.control.release('put', 'reset');
      },
      mend: ({ desk }) => desk.restoreInput(),
    },
  ],
};
