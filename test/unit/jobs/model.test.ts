import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ApiError } from '../../../src/api/errors.ts';
import { isActive, isEnded, isRemoved, type JobRecord } from '../../../src/jobs/job.ts';
import { parseRecord } from '../../../src/jobs/record.ts';
import { HumanError } from '../../../src/shared/message.ts';
import { MemoryServer, refusal } from '../../support/memoryServer.ts';
import { armedFault, type FaultyDisk, faultyDisk } from '../../support/faultyDisk.ts';
import { openWindow, request, storage, workspace, type Window } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import { settle, VirtualClock } from '../../support/virtualClock.ts';

/**
 * Tests two windows, one disk, and one server with random sequences of events: crashes between any two disk operations,
 * suspended windows, clock jumps, refusals, lost responses, a full disk, and user actions.
 */
const windows = fc.nat({ max: 1 });
const job = fc.nat({ max: 5 });
const operations = fc.nat({ max: 40 });
const action = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('pass'), ms: fc.constantFrom(5, 60, 400, 3_000, 9_000, 25_000) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('submit'),
      window: windows,
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('killIn'), window: windows, operations }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('sleepIn'),
      window: windows,
      operations,
      ms: fc.constantFrom(1_000, 20_000, 60_000),
    }),
  },
  {
    // Right after an important step, before its response is read, the window dies, or is suspended until another one
    // has taken over.
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('strikeAfter'),
      window: windows,
      operation: fc.constantFrom('write', 'write', 'hint', 'place', 'tidy'),
      nth: fc.nat({ max: 5 }),
      sleep: fc.constantFrom(0, 0, 60_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close'), window: windows }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('jump'), ms: fc.integer({ min: -86_400_000, max: 86_400_000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('refuse'),
      status: fc.constantFrom(429, 401, 402, 422, undefined),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('loseResponse'), isKnown: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hideProject'),
      status: fc.constantFrom(503, 500, 401, 404, undefined),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('breakDownload') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('fillDisk'), window: windows, operations }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('diskFault'), window: windows, armed: armedFault }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('deleteStorage') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('failProject'), job }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stop'), window: windows, job }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('resume'), window: windows, job }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('retry'), window: windows, job }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('remove'), window: windows, job }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('deleteOnServer'), window: windows, job, takes: fc.nat(20_000) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('answer'),
      window: windows,
      job,
      answer: fc.constantFrom('created', 'createAgain', 'dismiss'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unblock'), window: windows }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refresh'), window: windows }) },
);
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never;

class World {
  readonly clock: VirtualClock;
  readonly disk = new MemoryDisk();
  readonly server: MemoryServer;
  readonly windows: Window[] = [];
  /** The IDs of jobs whose submission was confirmed. */
  readonly submitted: string[] = [];
  /** How often the user approved the charge, by job name. */
  readonly agreed = new Map<unknown, number>();
  /** Jobs that the user dismissed or created again although a project may already have been created. */
  readonly dismissed = new Set<string>();
  /** Jobs that the user removed from the list. */
  readonly removed = new Set<string>();
  readonly #killAfter: (number | undefined)[] = [];
  readonly #sleepAfter: ({ left: number; ms: number } | undefined)[] = [];
  readonly #strikes: ({ operation: string; left: number; sleep: number } | undefined)[] = [];
  readonly #failing: number[] = [];
  readonly #faults: FaultyDisk[] = [];
  /** Whether the disk has hard links. All windows of a machine share one disk. */
  readonly #hardLinks: boolean;
  /** The number of jobs whose submission wasn't rejected. */
  #requested = 0;
  readonly #closing = new Set<Window>();
  readonly #asleep: (Promise<void> | undefined)[] = [];
  isHealed = false;
  /** Whether a record may have no hint. A job without a hint is found when the user opens the list. */
  #mayLackHint = false;

  constructor(seed: number) {
    this.clock = new VirtualClock({ seed });
    this.server = new MemoryServer(this.clock);
    this.#hardLinks = this.clock.random() < 0.8;
    this.open(0);
    this.open(1);
  }

  open(index: number): void {
    this.#killAfter[index] = undefined;
    this.#sleepAfter[index] = undefined;
    this.#strikes[index] = undefined;
    this.#failing[index] = 0;
    this.#asleep[index] = undefined;
    const gate = () => this.#asleep[index];
    const mine: Window = openWindow(this.clock, this.disk, this.server, {
      limit: () => 2,
      deathIsSeen: this.clock.random() < 0.5,
      gate,
      wrapDisk: disk => (this.#faults[index] = faultyDisk(disk, { hardLinks: this.#hardLinks })),
      before: async operation => {
        const killAfter = this.#killAfter[index];
        if (killAfter !== undefined && this.windows[index] === mine) {
          this.#killAfter[index] = killAfter - 1;
          if (killAfter <= 0) {
            mine.kill();
            return;
          }
        }
        const sleep = this.#sleepAfter[index];
        if (sleep && sleep.left-- <= 0) this.#suspend(index, sleep.ms);
        await gate();
        if (this.clock.random() < 0.2) await this.clock.wait(Math.floor(this.clock.random() * 40));
        if ((this.#failing[index] ?? 0) > 0 && ['create', 'replace', 'place'].includes(operation)) {
          this.#failing[index] = (this.#failing[index] ?? 0) - 1;
          throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
        }
      },
      after: (operation, path) => {
        const strike = this.#strikes[index];
        if (
          strike &&
          this.windows[index] === mine &&
          stepOf(operation, path) === strike.operation &&
          strike.left-- <= 0
        ) {
          this.#strikes[index] = undefined;
          if (strike.sleep > 0) this.#suspend(index, strike.sleep);
          else mine.kill();
        }
        return gate();
      },
    });
    this.windows[index] = mine;
    void mine.jobs.refresh().catch(() => {});
  }

  /** Suspends a window as if the laptop were closed. It does nothing for this long on the simulated clock. */
  #suspend(index: number, ms: number): void {
    this.#sleepAfter[index] = undefined;
    if (this.isHealed) return;
    this.#asleep[index] = this.clock.wait(ms).then(() => {
      this.#asleep[index] = undefined;
    });
  }

  async act(action: Action): Promise<void> {
    const { server, clock } = this;
    switch (action.do) {
      case 'pass':
        await clock.advance(action.ms);
        break;
      case 'submit':
        this.#submit(action.window, action.count);
        break;
      case 'killIn':
        this.#killAfter[action.window] = action.operations;
        break;
      case 'sleepIn':
        this.#sleepAfter[action.window] = { left: action.operations, ms: action.ms };
        break;
      case 'strikeAfter':
        this.#strikes[action.window] = { operation: action.operation, left: action.nth, sleep: action.sleep };
        break;
      case 'close':
        this.#close(action.window);
        break;
      case 'jump':
        clock.jump(action.ms);
        break;
      case 'refuse':
        server.faults.create.push(() => {
          throw refusal(action.status);
        });
        break;
      case 'loseResponse':
        server.faults.lostResponse.push(() => {
          if (action.isKnown) throw refusal(undefined, { mayHaveBeenCreated: true });
          return clock.wait(30_000);
        });
        break;
      case 'hideProject':
        server.faults.project.push(() => {
          throw refusal(action.status, { operation: 'project' });
        });
        break;
      case 'breakDownload':
        server.faults.download.push(() => {
          throw refusal(undefined, { operation: 'download' });
        });
        break;
      case 'fillDisk':
        this.#failing[action.window] = action.operations % 5;
        break;
      case 'diskFault':
        this.#faults[action.window]?.arm(action.armed);
        this.#mayLackHint ||= action.armed.fault.kind === 'unreadable';
        break;
      case 'deleteStorage':
        // A suspended window hasn't seen the changes by other windows, and a submission may be half written.
        if (this.#asleep.some(Boolean) || this.submitted.length < this.#requested) break;
        for (const { id } of this.records()) this.removed.add(id);
        this.disk.removeFolder(storage);
        this.#mayLackHint = true;
        break;
      case 'failProject': {
        const project = [...server.projects.values()][action.job];
        if (project && project.status === undefined) project.status = 'error';
        break;
      }
      default:
        this.#press(action);
    }
    await settle();
    for (const [index, window] of this.windows.entries()) if (!window.isAlive) this.open(index);
  }

  #close(index: number): void {
    const window = this.windows[index];
    if (!window || this.#closing.has(window)) return;
    this.#closing.add(window);
    void window.jobs.dispose().then(() => {
      this.#closing.delete(window);
      if (this.windows[index] === window) this.open(index);
    });
  }

  #submit(index: number, count: number): void {
    this.#requested += count;
    const requests = Array.from({ length: count }, () => {
      // The name identifies the projects on the server.
      const name = `job ${this.agreed.size}`;
      this.#agree(name);
      return request({ values: { name } });
    });
    this.windows[index]?.jobs.submit(requests).then(
      jobs => this.submitted.push(...jobs.map(({ id }) => id)),
      (error: unknown) => {
        this.#requested -= count;
        if (!(error instanceof HumanError) && !/closed/.test(String(error))) this.bugs.push(error);
      },
    );
  }

  #agree(name: unknown): void {
    this.agreed.set(name, (this.agreed.get(name) ?? 0) + 1);
  }

  /** The user runs an action that the view offers. */
  #press(action: Extract<Action, { window: number }>): void {
    const jobs = this.windows[action.window]?.jobs;
    if (!jobs) return;
    const expected = (error: unknown) => {
      if (
        !(error instanceof HumanError || error instanceof ApiError) &&
        !/ENOSPC|EIO|ENOENT|can't be read at the moment/.test(String(error))
      )
        this.bugs.push(error);
    };
    if (action.do === 'unblock') jobs.unblock().catch(expected);
    if (action.do === 'refresh') jobs.refresh().catch(expected);
    const seen = 'job' in action ? jobs.current[action.job] : undefined;
    if (!seen) return;
    const { id } = seen;
    switch (action.do) {
      case 'stop':
        jobs.stop(id).catch(expected);
        break;
      case 'resume':
        if (seen.projectId && (seen.phase === 'stopped' || seen.failure?.resumable))
          jobs.resume(id).catch(expected);
        break;
      case 'retry':
        if (seen.phase !== 'failed' && seen.phase !== 'stopped') break;
        this.#agree(seen.request.values['name']);
        this.dismissed.add(id);
        jobs.retry(id).catch(expected);
        break;
      case 'remove':
        if (!isEnded(seen)) break;
        this.removed.add(id);
        jobs.remove(id).catch(expected);
        break;
      case 'deleteOnServer':
        if (!seen.projectId) break;
        this.server.faults.delete.push(() => this.clock.wait(action.takes));
        jobs.deleteOnServer(id).catch(expected);
        break;
      case 'answer': {
        if (seen.phase !== 'unknown') break;
        const project = [...this.server.projects.values()].findLast(
          ({ body }) => nameIn(body) === seen.request.values['name'],
        );
        if (action.answer === 'created') {
          if (project) jobs.answer(id, { projectId: project.id }).catch(expected);
          break;
        }
        if (action.answer === 'createAgain') this.#agree(seen.request.values['name']);
        this.dismissed.add(id);
        jobs.answer(id, action.answer === 'createAgain' ? 'createAgain' : 'dismiss').catch(expected);
        break;
      }
    }
  }

  readonly bugs: unknown[] = [];

  /** Removes all faults and lets unfinished work complete. */
  async heal(): Promise<void> {
    this.isHealed = true;
    for (const list of Object.values(this.server.faults)) list.length = 0;
    this.#killAfter.fill(undefined);
    this.#sleepAfter.fill(undefined);
    this.#strikes.fill(undefined);
    this.#failing.fill(0);
    for (const faults of this.#faults) faults.heal();
    await this.clock.until(() => this.#asleep.every(sleep => !sleep), 120_000);
    for (const [index, window] of this.windows.entries()) if (!window.isAlive) this.open(index);
    const isOpen = (window: Window) => !this.#closing.has(window);
    await this.clock.until(() => this.windows.every(isOpen), 60_000);
    // A window that was suspended while it closed may still finish a write. Other windows see the write when they're
    // next used.
    await this.clock.advance(61_000);
    const [window] = this.windows;
    assert.ok(window);
    const isQuiet = () => this.records().every(record => !isActive(record) || record.blocked);
    for (let round = 0; round < 3; round++) {
      // Not awaited, because `unblock` waits on the clock that this test advances.
      window.jobs.unblock().catch((error: unknown) => this.bugs.push(error));
      if (this.#mayLackHint) window.jobs.history().catch((error: unknown) => this.bugs.push(error));
      await this.clock.advance(500);
      await this.clock.until(isQuiet, 40 * 60_000);
    }
  }

  /** The latest record of every job on the disk. */
  records(): JobRecord[] {
    const latest = new Map<string, JobRecord>();
    for (const [path, { text }] of this.disk.files) {
      // Without hard links, the file exists before its text is written.
      if (!path.startsWith(`${storage}/jobs/records/`) || text === '') continue;
      const stored = parseRecord(text);
      assert.ok(stored, `${path} can't be read`);
      if ((latest.get(stored.id)?.revision ?? -1) < stored.revision) latest.set(stored.id, stored);
    }
    return [...latest.values()].filter(stored => !isRemoved(stored));
  }

  check(): void {
    assert.deepEqual(this.bugs, [], 'errors that aren’t for users');
    const records = this.records();
    const byName = Map.groupBy(this.server.projects.values(), ({ body }) => nameIn(body));
    const byId = new Map(records.map(record => [record.id, record]));
    for (const id of this.submitted) assert.ok(byId.has(id) || this.removed.has(id), `job ${id} is lost`);
    for (const [name, created] of byName)
      assert.ok(
        created.length <= (this.agreed.get(name) ?? 0),
        `"${String(name)}" was created ${created.length} times`,
      );

    for (const record of records) {
      const agreed = this.agreed.get(record.request.values['name']) ?? 0;
      assert.ok(
        record.approval <= agreed,
        `${record.id}: ${record.approval} approval from ${agreed} agreements`,
      );
      const created = byName.get(record.request.values['name']) ?? [];
      assert.ok(
        created.length <= record.approval,
        `${record.id}: ${created.length} created, ${record.approval} agreed to`,
      );
      assert.ok(!isActive(record), `${record.id} is still ${record.phase}`);
      const isForgotten = created.length > 0 && !record.projectId && record.phase !== 'unknown';
      assert.ok(
        !isForgotten || this.dismissed.has(record.id),
        `${record.id}: ${created.at(-1)?.id} was paid for and is lost`,
      );
      if (record.phase !== 'saved') continue;
      assert.equal(record.results.length, this.server.results);
      for (const [index, uri] of record.results.entries())
        assert.equal(
          this.disk.files.get(new URL(uri).pathname)?.text,
          this.server.bytesOf(record.projectId ?? '', index),
        );
    }
    const saved = this.disk.list(workspace).filter(name => !name.endsWith('.part'));
    const contents = saved.map(name => this.disk.files.get(`${workspace}/${name}`)?.text);
    assert.equal(new Set(contents).size, contents.length, 'a result was saved twice');
    for (const text of this.disk.everWritten)
      assert.ok(!text.includes('SIGNED-SECRET'), 'a secret was written');
  }
}

/** The important steps of a job, as disk operations. */
function stepOf(operation: string, path: string): string {
  if (operation === 'create' && path.startsWith(`${storage}/jobs/records/`)) return 'write';
  if (path.startsWith(`${storage}/jobs/unfinished/`)) return 'hint';
  if (operation === 'remove' && path.startsWith(workspace)) return 'tidy';
  return operation;
}

const nameIn = (body: unknown): unknown => (body as { name?: unknown }).name;

test('pays once, saves once, loses nothing, and writes no secret in random sequences of events', async () => {
  const numRuns = Number(process.env['MODEL_RUNS'] ?? 10_000);
  await fc.assert(
    fc.asyncProperty(
      fc.integer(),
      fc.array(action, { minLength: 4, maxLength: 24 }),
      async (seed, actions) => {
        const world = new World(seed);
        for (const each of [{ do: 'submit', window: 0, count: 1 } as Action, ...actions])
          await world.act(each);
        await world.heal();
        world.check();
        for (const window of world.windows) window.kill();
      },
    ),
    // The default seed makes every run the same. Use another seed to explore different runs.
    { numRuns, seed: Number(process.env['MODEL_SEED'] ?? 11) },
  );
});
