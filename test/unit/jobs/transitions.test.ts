import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { chargedFor, costOf, isActive, isEnded, isRemoved, type JobRecord } from '../../../src/jobs/job.ts';
import {
  currentPrice,
  ImpossibleEvent,
  mayCreate,
  transition,
  type JobEvent,
} from '../../../src/jobs/transitions.ts';
import { serializeRecord } from '../../../src/jobs/record.ts';
import { request } from '../../support/jobWindow.ts';

const queued: JobRecord = {
  id: 'a',
  batch: 'a',
  createdAt: 0,
  updatedAt: 0,
  phase: 'queued',
  request: request(),
  approval: 1,
  posts: 0,
  refusals: 0,
  results: [],
  revision: 0,
  owner: { window: 'w', claim: 'c' },
  writes: [],
};
const create: JobEvent = {
  type: 'create',
  uploads: { references: { image: 'api-assets/a.png' }, at: 1 },
};
const failure = { message: { key: 'error.unexpected' }, resumable: true } as const;
const after = (job: JobRecord, ...events: JobEvent[]): JobRecord =>
  events.reduce((at, event) => transition(at, event, 5), job);

test('runs from the create request to the saved result', () => {
  const finalizing = { index: 0, uri: 'file:///a.png', bytes: 3 };
  const saved = after(
    queued,
    create,
    { type: 'created', projectId: 'p1', credits: 60 },
    { type: 'completed', credits: 50 },
    { type: 'finalizing', finalizing },
    { type: 'finalized', uri: finalizing.uri },
    { type: 'saved' },
  );
  assert.equal(saved.phase, 'saved');
  assert.equal(saved.creditsCharged, 50);
  assert.equal(saved.endedAt, 5);
  assert.deepEqual(saved.results, ['file:///a.png']);
  assert.ok(!('finalizing' in saved));
  assert.ok(!('owner' in saved));
});

test('allows a second create request only after a refusal or a new approval', () => {
  const creating = after(queued, create);
  assert.throws(() => after(creating, create), ImpossibleEvent);
  assert.equal(after(creating, { type: 'refused' }, create).posts, 2);
  const unknown = after(creating, { type: 'responseLost' });
  assert.throws(() => after(unknown, create), ImpossibleEvent);
  const again = after(unknown, { type: 'createAgain' });
  assert.equal(again.approval, 2);
  assert.equal(after(again, create).phase, 'creating');
});

test("creates nothing for a job that's stopping or waiting for a key", () => {
  assert.throws(() => after(queued, { type: 'stopRequested' }, create), ImpossibleEvent);
  const blocked: JobEvent = {
    type: 'blocked',
    blocked: { message: { key: 'api.key.refused' }, suggestedAction: 'setApiKey' },
  };
  assert.throws(() => after(queued, blocked, create), ImpossibleEvent);
});

test('resumes only a job whose project exists', () => {
  const created = after(queued, create, { type: 'created', projectId: 'p1', credits: undefined });
  const resumed: JobEvent = { type: 'resumed', folder: 'file:///other' };
  assert.equal(after(created, { type: 'stopped' }, resumed).request.folder, 'file:///other');
  assert.equal(after(created, { type: 'failed', failure }, resumed).phase, 'waiting');
  assert.throws(() => after(created, { type: 'failed', failure: { ...failure, resumable: false } }, resumed));
  assert.throws(() => after(queued, { type: 'stopped' }, resumed), ImpossibleEvent);
  assert.throws(() => after(created, { type: 'deletedOnServer' }, resumed), ImpossibleEvent);
});

test('passes a result in the library as a file once the server refused it or the project failed', () => {
  const source = { kind: 'file', uri: 'file:///a.png' } as const;
  const library = { url: 'https://magichour.ai/my-library?imageId=p0', stamp: '1' };
  const job = { ...queued, request: request({ inputs: { image: { ...source, library } } }) };
  const byUrl: JobEvent = { type: 'create', uploads: { references: { image: library.url }, at: 1 } };
  const refused = after(job, byUrl, { type: 'refused' }, { type: 'filesForgotten' });
  assert.deepEqual(refused.request.inputs, { image: source });
  assert.ok(!refused.uploads);
  assert.ok(!refused.uploadedAgain);
  assert.ok(after(refused, { type: 'filesForgotten' }).uploadedAgain);
  const created: JobEvent = { type: 'created', projectId: 'p1', credits: 50 };
  const failed = after(job, create, created, { type: 'failed', failure: { ...failure, resumable: false } });
  assert.deepEqual(after(failed, { type: 'retried' }).request.inputs, { image: source });
});

test('uploads rejected files again only once, even if one of them is an edited result in the library', () => {
  const library = { url: 'https://magichour.ai/my-library?imageId=p0', stamp: '1' };
  const inputs = { image: { kind: 'file', uri: 'file:///a.png', library } } as const;
  // The file's stamp has changed, so the file was uploaded.
  const job = { ...queued, request: request({ inputs }) };
  assert.ok(after(job, create, { type: 'refused' }, { type: 'filesForgotten' }).uploadedAgain);
});

test('records what every project cost', () => {
  const created = after(queued, create, { type: 'created', projectId: 'p1', credits: 50 });
  const again = after(created, { type: 'deletedOnServer' }, { type: 'stopped' }, { type: 'retried' });
  assert.equal(chargedFor(again), 50);
  assert.equal(costOf(again), 100);
  const second = after(again, create, { type: 'created', projectId: 'p2', credits: 48 });
  assert.equal(chargedFor(second), 98);
  const late: JobEvent = { type: 'createdLate', projectId: 'p3', credits: 50, approval: 1 };
  assert.equal(chargedFor(after(second, late)), 148);
  assert.deepEqual(after(second, late).earlierProjects, ['p1', 'p3']);
});

test('brings a removed job back when a project turns out to exist', () => {
  const lost = after(queued, create, { type: 'responseLost' });
  const removed = after(lost, { type: 'dismissed' }, { type: 'removed' });
  const late: JobEvent = { type: 'createdLate', projectId: 'p1', credits: 50, approval: 1 };
  const found = after(removed, late);
  assert.ok(!isRemoved(found));
  assert.equal(after(found, { type: 'resumed', folder: undefined }).phase, 'waiting');
  assert.ok(!isRemoved(after(removed, { ...late, approval: 0 })));
});

test('keeps only ID, times, and credits of a removed job, unless a response may still arrive', () => {
  const job: JobRecord = {
    ...queued,
    request: request({
      values: { stylePrompt: 'private' },
      clip: { start: 1, end: 2 },
      stem: 'private',
      folder: 'file:///private',
      seen: { image: { bytes: 1, modified: 2 } },
      row: 'private',
      agent: true,
    }),
  };
  const created = after(job, create, { type: 'created', projectId: 'p1', credits: 50 });
  const saved = after(
    created,
    { type: 'completed', credits: 48 },
    { type: 'finalizing', finalizing: { index: 0, uri: 'file:///private.png', bytes: 3, stamp: 's' } },
    { type: 'finalized', uri: 'file:///private.png' },
    { type: 'saved' },
  );
  const said = {
    message: { key: 'project.failedWords', args: { words: 'private' } },
    resumable: false,
  } as const;
  const ended = [
    saved,
    after(created, { type: 'failed', failure: said }),
    after(job, { type: 'stopped' }),
    after(job, create, { type: 'refused' }, { type: 'failed', failure: said }),
  ];
  for (const each of ended) {
    const removed = after(each, { type: 'removed' });
    const text = serializeRecord(removed);
    assert.doesNotMatch(text, /private|anna|api-assets|seen|clip/);
    assert.equal(costOf(removed), costOf(each));
    assert.equal(removed.projectId, each.projectId);
    assert.ok(removed.request.agent);
  }
  const lost = after(job, create, { type: 'responseLost' });
  const again = after(lost, { type: 'createAgain' }, { type: 'stopped' }, { type: 'removed' });
  for (const each of [again, after(lost, { type: 'dismissed' }, { type: 'removed' })])
    assert.deepEqual(each.request.values, job.request.values);
});

test('updates the price with each new approval, because prices may have changed', () => {
  const job = { ...queued, request: request({ estimate: { credits: 1, exact: true } }) };
  const unknown = after(job, create, { type: 'responseLost' });
  const approved = { credits: 50, exact: true };
  assert.deepEqual(after(unknown, { type: 'createAgain' }).request.estimate, approved);
  assert.deepEqual(after(unknown, { type: 'dismissed' }, { type: 'retried' }).request.estimate, approved);
});

test('keeps the price that was based on a video’s frame rate, which isn’t recorded', () => {
  const clip = { start: 0, end: 10 };
  const known = request({ tool: 'autoSubtitles', clip, estimate: { credits: 120, exact: false } });
  assert.deepEqual(currentPrice(known), known.estimate);
  const unknown = { ...known, estimate: { credits: 1, exact: false, from: true } as const };
  assert.deepEqual(currentPrice(unknown), { credits: 48, exact: false, from: true });
});

const events: readonly JobEvent[] = [
  create,
  { type: 'refused' },
  { type: 'filesForgotten' },
  { type: 'created', projectId: 'p1', credits: 50 },
  { type: 'responseLost' },
  { type: 'completed', credits: 50 },
  { type: 'finalizing', finalizing: { index: 0, uri: 'file:///a.png', bytes: 3 } },
  { type: 'finalized', uri: 'file:///a.png' },
  { type: 'notFinalized' },
  { type: 'waited', ms: 10 },
  { type: 'createdLate', projectId: 'p0', credits: 50, approval: 1 },
  { type: 'saved' },
  { type: 'failed', failure },
  { type: 'blocked', blocked: { message: { key: 'api.key.refused' }, suggestedAction: 'setApiKey' } },
  { type: 'unblocked' },
  { type: 'stopRequested' },
  { type: 'stopped' },
  { type: 'dismissed' },
  { type: 'createConfirmed', projectId: 'p2' },
  { type: 'createAgain' },
  { type: 'resumed', folder: undefined },
  { type: 'retried' },
  { type: 'deletedOnServer' },
  { type: 'removed' },
];

test('sends at most one create request per approval, for any sequence of events', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...events), { maxLength: 60 }), sequence => {
      let job = queued;
      let [sent, refused, agreed] = [0, 0, 1];
      for (const event of sequence) {
        const before = job;
        try {
          job = transition(job, event, 1);
        } catch (error) {
          assert.ok(error instanceof ImpossibleEvent);
          continue;
        }
        if (event.type === 'create') sent++;
        if (event.type === 'refused') refused++;
        if (event.type === 'createAgain' || event.type === 'retried') agreed++;
        assert.ok(sent <= agreed + refused);
        assert.equal(isEnded(job), job.endedAt !== undefined);
        // Only a new approval replaces a project, and the old one is still recorded.
        const known = [...(job.earlierProjects ?? []), job.projectId];
        if (before.projectId) assert.ok(known.includes(before.projectId));
        if (before.projectId && job.approval === before.approval)
          assert.equal(job.projectId, before.projectId);
        assert.ok(!mayCreate(job) || job.projectId === undefined);
        // Code relies on these without checking them.
        if (job.owner) assert.ok(isActive(job) && !job.blocked);
        if (job.blocked || job.stopRequested) assert.ok(isActive(job));
        if (job.failure) assert.equal(job.phase, 'failed');
        if (job.waited !== undefined) assert.ok(job.projectId !== undefined);
        // A window takes it over.
        if (isActive(job) && !job.blocked) job = { ...job, owner: { window: 'w', claim: 'c' } };
        // Only a response or the user can resolve a job in the phase `unknown`.
        const answers = ['created', 'createdLate', 'createConfirmed', 'createAgain', 'dismissed'];
        if (before.phase === 'unknown') assert.ok(job.phase === 'unknown' || answers.includes(event.type));
      }
    }),
    { numRuns: 5_000 },
  );
});
