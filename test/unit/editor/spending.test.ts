import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { SpendingGuard, spentToday } from '../../../src/editor/agents/spending.ts';
import type { Job } from '../../../src/jobs/job.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { jobOf } from './job.ts';

const noon = new Date(2026, 10, 20, 12);
const agentJob = (changes: Partial<Job> = {}): Job =>
  jobOf({ createdAt: noon.getTime() - 1000, ...changes }, { agent: true });

suite('spentToday', () => {
  const spent = (...jobs: Job[]): number => spentToday(jobs, noon);

  test('is what was charged, else what was estimated', () => {
    assert.equal(spent(agentJob({ creditsCharged: 40 })), 40);
    assert.equal(spent(agentJob({ phase: 'waiting' })), 50);
    assert.equal(spent(agentJob({ phase: 'queued' }), agentJob({ creditsCharged: 7 })), 57);
  });

  test('counts jobs whose fate is not known', () => {
    assert.equal(spent(agentJob({ phase: 'unknown' })), 50);
    const givenUp = agentJob({ phase: 'stopped', posts: 1, refusals: 0 });
    assert.equal(spent(givenUp), 50);
  });

  test('leaves out what was never made', () => {
    const refused = agentJob({ phase: 'failed', posts: 1, refusals: 1 });
    assert.equal(spent(refused, agentJob({ phase: 'stopped', posts: 0 })), 0);
  });

  test('counts what was made and then failed or was left, unless it was given back', () => {
    assert.equal(spent(agentJob({ phase: 'stopped', projectId: 'abc' })), 50);
    assert.equal(spent(agentJob({ phase: 'failed', projectId: 'abc', creditsCharged: 0 })), 0);
  });

  test('leaves out what people made themselves', () => {
    assert.equal(spent(jobOf({ createdAt: noon.getTime() })), 0);
  });

  test('begins at midnight where the person is', () => {
    const midnight = new Date(2026, 10, 20).getTime();
    assert.equal(spent(agentJob({ createdAt: midnight })), 50);
    assert.equal(spent(agentJob({ createdAt: midnight - 1 })), 0);
  });
});

suite('SpendingGuard', () => {
  /** Jobs as far as the guard looks at them. */
  function guardOver(limit: number, current: Job[] = [], history: Job[] = []) {
    const jobs = { current, history: async () => history, refresh: async () => undefined };
    return new SpendingGuard(jobs as never, () => limit);
  }
  const today = (changes: Partial<Job> = {}): Job => agentJob({ createdAt: Date.now(), ...changes });
  const refused = (spent: number, limit: number, credits: number) => (error: unknown) => {
    assert.ok(error instanceof HumanError);
    assert.deepEqual(error.text, { key: 'agent.budget', args: { spent, limit, credits } });
    return true;
  };

  test('lets pass what reaches the limit, and returns what was submitted', async () => {
    assert.equal(await guardOver(100, [today()]).within(50, async () => 'job'), 'job');
  });

  test('refuses what would pass it, and submits nothing', async () => {
    let submitted = false;
    const submit = async () => {
      submitted = true;
    };
    await assert.rejects(guardOver(99, [today()]).within(50, submit), refused(50, 99, 50));
    assert.equal(submitted, false);
  });

  test('with a limit of 0 agents create nothing', async () => {
    await assert.rejects(
      guardOver(0).within(1, async () => undefined),
      refused(0, 0, 1),
    );
  });

  test('a price that is no number does not pass', async () => {
    await assert.rejects(
      guardOver(100).within(NaN, async () => undefined),
      HumanError,
    );
  });

  test('looks at the history too, and at no job twice', async () => {
    const ended = today({ id: 'ended' });
    const both = today({ id: 'both' });
    await assert.rejects(
      guardOver(100, [both], [both, ended]).within(1, async () => undefined),
      refused(100, 100, 1),
    );
  });

  test('parallel calls cannot pass it together', async () => {
    const current: Job[] = [];
    const guard = guardOver(100, current);
    const submit = async () => {
      const id = `job${current.length}`;
      await new Promise(setImmediate);
      current.push(today({ id }));
    };
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => guard.within(50, submit)));
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'rejected'],
    );
    assert.equal(current.length, 2);
  });

  test('goes on after a submission that failed', async () => {
    const guard = guardOver(100);
    await assert.rejects(
      guard.within(50, () => Promise.reject(new Error('disk full'))),
      /disk full/,
    );
    assert.equal(await guard.within(50, async () => 'job'), 'job');
  });
});
