import { rm, writeFile } from 'node:fs/promises';
import { always, type Fault, type FaultGroup, veryFast, on, captivePortal, shortLimits } from './fault.ts';

const unpaid = { outcome: 'ends unpaid', creates: 0, projects: 0 } as const;
const recovers = { outcome: 'recovers' } as const;
const shortTimeouts: Fault['harness'] = { limits: { uploadUrls: shortLimits } };

export const files: FaultGroup = {
  title: 'Reading the files',
  faults: [
    {
      name: 'the image is deleted after the job is submitted',
      ...unpaid,
      arrange: ({ harness }) => rm(harness.input),
      fix: ({ harness }) => harness.restoreInput(),
    },
    {
      name: 'the image is changed after it was chosen',
      ...unpaid,
      request: () => ({ seen: { image: { bytes: 1, modified: 1 } } }),
      userAction: 'submit again',
    },
    {
      name: 'the image is a renamed text file',
      ...unpaid,
      arrange: ({ harness }) => writeFile(harness.input, 'not a picture'),
      fix: ({ harness }) => harness.restoreInput(),
    },
  ],
};

export const addresses: FaultGroup = {
  title: 'Requesting upload URLs',
  faults: [
    {
      name: 'the API key is rejected',
      outcome: 'needs key',
      creates: 0,
      projects: 0,
      arrange: ({ harness }) => void (harness.key = 'mhk_live_revoked'),
    },
    {
      name: "the secret store can't be read",
      outcome: 'needs key',
      creates: 0,
      projects: 0,
      arrange: ({ harness }) => void (harness.isKeychainBroken = true),
      fix: ({ harness }) => void (harness.isKeychainBroken = false),
    },
    {
      name: "the account isn't allowed to do this (403)",
      ...unpaid,
      arrange: on('uploadUrls', {
        kind: 'status',
        status: 403,
        json: { code: 'forbidden', message: 'Uploads are not enabled for this account.' },
      }),
    },
    {
      name: 'the format is rejected (422)',
      ...unpaid,
      arrange: on('uploadUrls', {
        kind: 'status',
        status: 422,
        json: { message: "'png' is an invalid image extension" },
      }),
    },
    {
      name: 'too many requests (429), Retry-After in seconds',
      ...recovers,
      arrange: on('uploadUrls', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }),
    },
    {
      name: 'too many requests (429), Retry-After as a date',
      ...recovers,
      arrange: on('uploadUrls', {
        kind: 'status',
        status: 429,
        headers: { 'retry-after': new Date(Date.now() + 9_000).toUTCString() },
      }),
    },
    {
      name: 'the server fails once (500)',
      ...recovers,
      arrange: on('uploadUrls', { kind: 'status', status: 500 }),
    },
    {
      name: 'the server is down for 15 minutes (503)',
      ...unpaid,
      harness: { speed: veryFast },
      arrange: on('uploadUrls', { kind: 'status', status: 503 }, always),
    },
    {
      name: 'the connection drops before the request is read',
      ...recovers,
      arrange: on('uploadUrls', { kind: 'reset', when: 'before' }),
    },
    {
      name: 'the connection drops before the response',
      ...recovers,
      arrange: on('uploadUrls', { kind: 'reset', when: 'after' }),
    },
    {
      name: 'the connection drops during the response',
      ...recovers,
      arrange: on('uploadUrls', { kind: 'reset', when: 'reply' }),
    },
    {
      name: 'the server never responds',
      ...recovers,
      harness: shortTimeouts,
      arrange: on('uploadUrls', { kind: 'hold' }),
    },
    {
      name: 'the response stalls halfway',
      ...recovers,
      harness: shortTimeouts,
      arrange: on('uploadUrls', { kind: 'stall' }),
    },
    { name: 'the response is truncated', ...recovers, arrange: on('uploadUrls', { kind: 'truncate' }) },
    { name: "the response isn't JSON", ...recovers, arrange: on('uploadUrls', { kind: 'malformed' }) },
    { name: 'the response never ends', ...recovers, arrange: on('uploadUrls', { kind: 'oversize' }) },
    {
      name: 'a public network asks for a sign-in first',
      ...unpaid,
      harness: { speed: veryFast },
      arrange: on('uploadUrls', captivePortal, always),
    },
    {
      name: 'the response is a redirect (302)',
      ...unpaid,
      arrange: on('uploadUrls', { kind: 'redirect', to: 'https://elsewhere.example/' }),
    },
    {
      name: 'the upload URL is insecure (http)',
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
      name: 'the connection drops in the middle of the file',
      ...recovers,
      arrange: on('put', { kind: 'reset', atByte: 100_000 }),
    },
    {
      name: 'the connection drops after the file has arrived',
      ...recovers,
      arrange: on('put', { kind: 'reset', when: 'after' }),
    },
    {
      name: 'the transfer stalls in the middle of the file',
      ...recovers,
      harness: { limits: { upload: shortLimits } },
      arrange: on('put', { kind: 'hold', atByte: 100_000 }),
    },
    {
      name: 'the storage server never responds',
      ...recovers,
      harness: { limits: { upload: shortLimits } },
      arrange: on('put', { kind: 'hold', when: 'after' }),
    },
    {
      name: "the connection is slow but doesn't stall",
      ...recovers,
      harness: { limits: { upload: { headers: 1_500, idle: 1_500 } } },
      arrange: on('put', { kind: 'slow', bytesPerSecond: 120_000 }),
    },
    {
      name: 'the URL has expired',
      ...recovers,
      arrange: on('put', { kind: 'expire' }),
    },
    {
      name: 'every URL has expired',
      ...unpaid,
      harness: { speed: veryFast },
      arrange: on('put', { kind: 'expire' }, always),
    },
    {
      name: 'the storage server fails once (500)',
      ...recovers,
      arrange: on('put', { kind: 'status', status: 500 }),
    },
    {
      name: 'the storage server is overloaded (503) and responds before the upload is complete',
      ...recovers,
      arrange: on('put', { kind: 'status', status: 503, early: true, headers: { 'retry-after': '3' } }),
    },
    {
      name: 'the file is too large for the plan (413)',
      ...unpaid,
      server: { behavior: { maxUploadBytes: 1_000 } },
      fix: ({ server }) => server.control.configure({ maxUploadBytes: 2_000_000_000 }),
    },
    {
      name: 'the storage server rejects the file (400)',
      ...unpaid,
      arrange: on('put', { kind: 'status', status: 400, html: '<p>Bad Request</p>' }),
    },
    {
      name: 'the storage server redirects (307)',
      ...recovers,
      arrange: on('put', { kind: 'redirect', to: 'https://elsewhere.example/', status: 307 }),
    },
    {
      name: "the image changes while it's being uploaded",
      ...unpaid,
      arrange: on('put', { kind: 'hold', atByte: 1 }),
      during: async ({ server, harness }) => {
        await server.control.held('put');
        await writeFile(harness.input, 'changed meanwhile');
        server.control.release('put', 'reset');
      },
      fix: ({ harness }) => harness.restoreInput(),
    },
  ],
};
