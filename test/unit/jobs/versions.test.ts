import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { isActive, type Job, type JobRequest } from '../../../src/jobs/job.ts';
import { MemoryServer, refusal } from '../../support/memoryServer.ts';
import { openWindow, request, type Window, type WindowOptions, workspace } from '../../support/jobWindow.ts';
import { MemoryDisk } from '../../support/memoryDisk.ts';
import {
  openPreviousWindow,
  previousFolder,
  type PreviousOptions,
  type PreviousWindow,
} from '../../support/previousVersion.ts';
import { VirtualClock } from '../../support/virtualClock.ts';

/** A machine whose windows have different versions of the extension. */
class Machine {
  readonly clock = new VirtualClock({ seed: 5 });
  readonly disk = new MemoryDisk();
  readonly server = new MemoryServer(this.clock);
  readonly #windows: { kill(): void }[] = [];

  previous(options: PreviousOptions = {}): PreviousWindow {
    const window = openPreviousWindow(this.clock, this.disk, this.server, options);
    this.#windows.push(window);
    return window;
  }

  /** Only heartbeats show whether another window is alive. */
  current(options: WindowOptions = {}): Window {
    const window = openWindow(this.clock, this.disk, this.server, { deathIsSeen: false, ...options });
    this.#windows.push(window);
    return window;
  }

  async submit(window: PreviousWindow | Window, name: string): Promise<string> {
    const jobs: readonly { readonly id: string }[] = await this.clock.settled(
      window.jobs.submit([named(name)]),
    );
    assert.ok(jobs[0]);
    return jobs[0].id;
  }

  /** The number of projects with this name that were charged. */
  projects(name: string): number {
    return [...this.server.projects.values()].filter(({ body }) => (body as { name?: unknown }).name === name)
      .length;
  }

  results(): string[] {
    return this.disk
      .list(workspace)
      .filter(name => !name.startsWith('.'))
      .toSorted();
  }

  async find(window: Window, id: string): Promise<Job | undefined> {
    await this.clock.settled(window.jobs.refresh());
    return this.clock.settled(window.jobs.find(id));
  }

  end(): void {
    for (const window of this.#windows) window.kill();
  }
}

const named = (name: string): JobRequest => request({ values: { name }, stem: name });
const hours = 3_600_000;

interface Leftover {
  /** Runs version 0.1.0 until its window closes or dies. Resolves with the job's ID. */
  readonly leave: (machine: Machine, name: string) => Promise<string>;
  /** The phase of the job in the current version if the user does nothing. */
  readonly becomes: Job['phase'] | 'blocked' | 'gone';
  readonly projects: number;
  /** The user's next action. */
  readonly act?: (machine: Machine, window: Window, id: string) => Promise<unknown>;
  readonly thenProjects?: number;
}

/** Submits a job and kills the window in a phase. */
const killedIn =
  (phase: string, options: (machine: Machine) => PreviousOptions = () => ({})) =>
  async (machine: Machine, name: string): Promise<string> => {
    const window = machine.previous(options(machine));
    const id = await machine.submit(window, name);
    await machine.clock.until(() => window.jobs.get(id)?.phase === phase, hours);
    window.kill();
    return id;
  };

/** Submits a job, waits for its end, and closes the window. */
const endedAs =
  (phase: string, onTheWay?: (window: PreviousWindow, id: string) => Promise<void>) =>
  async (machine: Machine, name: string): Promise<string> => {
    const window = machine.previous();
    const id = await machine.submit(window, name);
    await onTheWay?.(window, id);
    await machine.clock.until(() => window.jobs.get(id)?.phase === phase, hours);
    await machine.clock.advance(2_000);
    await machine.clock.settled(window.jobs.dispose());
    window.kill();
    return id;
  };

const never = () => new Promise<void>(() => {});

/** The states that version 0.1.0 can leave on disk. */
const leftovers: Readonly<Record<string, Leftover>> = {
  queued: {
    leave: killedIn('uploading', () => ({ upload: never })),
    becomes: 'saved',
    projects: 1,
  },
  creating: {
    leave: (machine, name) => {
      machine.server.faults.lostResponse.push(never);
      return killedIn('creating')(machine, name).then(async id => {
        await machine.clock.advance(1_000);
        return id;
      });
    },
    becomes: 'unknown',
    projects: 1,
    act: (machine, { jobs }, id) => jobs.answer(id, { projectId: lastProject(machine) }),
  },
  waiting: { leave: killedIn('waiting'), becomes: 'saved', projects: 1 },
  downloading: {
    leave: (machine, name) => {
      machine.server.faults.download.push(never);
      return killedIn('downloading')(machine, name);
    },
    becomes: 'saved',
    projects: 1,
  },
  'given its name': {
    leave: async (machine, name) => {
      const window = machine.previous({
        after: operation => {
          if (operation === 'place') window.kill();
        },
      });
      const id = await machine.submit(window, name);
      await machine.clock.advance(120_000);
      return id;
    },
    becomes: 'saved',
    projects: 1,
  },
  unknown: {
    leave: (machine, name) => {
      machine.server.faults.lostResponse.push(() => {
        throw refusal(undefined, { mayHaveBeenCreated: true });
      });
      return endedAs('unknown')(machine, name);
    },
    becomes: 'unknown',
    projects: 1,
    act: (machine, { jobs }, id) => jobs.answer(id, { projectId: lastProject(machine) }),
  },
  blocked: {
    leave: async (machine, name) => {
      const window = machine.previous({ hasKey: () => false });
      const id = await machine.submit(window, name);
      await machine.clock.until(() => window.jobs.get(id)?.blocked !== undefined, hours);
      window.kill();
      return id;
    },
    becomes: 'blocked',
    projects: 0,
    act: (_machine, { jobs }) => jobs.unblock(),
    thenProjects: 1,
  },
  'stop requested': {
    leave: async (machine, name) => {
      const window = machine.previous({ upload: never });
      const other = machine.previous();
      const id = await machine.submit(window, name);
      await machine.clock.until(() => window.jobs.get(id)?.phase === 'uploading', hours);
      const wake = window.suspend();
      await machine.clock.settled(other.jobs.refresh());
      await machine.clock.settled(other.jobs.stop(id));
      window.kill();
      other.kill();
      wake();
      return id;
    },
    becomes: 'stopped',
    projects: 0,
  },
  saved: { leave: endedAs('saved'), becomes: 'saved', projects: 1 },
  failed: {
    leave: (machine, name) => {
      machine.server.faults.create.push(() => {
        throw refusal(422);
      });
      return endedAs('failed')(machine, name);
    },
    becomes: 'failed',
    projects: 0,
    act: (_machine, { jobs }, id) => jobs.retry(id),
    thenProjects: 1,
  },
  'failed after it was paid for': {
    leave: (machine, name) => {
      machine.server.faults.project.push(() => {
        throw refusal(404, { operation: 'project' });
      });
      return endedAs('failed')(machine, name);
    },
    becomes: 'failed',
    projects: 1,
    act: (_machine, { jobs }, id) => jobs.resume(id),
  },
  stopped: {
    leave: endedAs('stopped', (window, id) => window.jobs.stop(id)),
    becomes: 'stopped',
    projects: 0,
    act: (_machine, { jobs }, id) => jobs.retry(id),
    thenProjects: 1,
  },
  removed: {
    leave: async (machine, name) => {
      const id = await endedAs('saved')(machine, name);
      const window = machine.previous();
      await machine.clock.settled(window.jobs.remove(id));
      window.kill();
      return id;
    },
    becomes: 'gone',
    projects: 1,
  },
};

const lastProject = ({ server }: Machine): string => [...server.projects.keys()].at(-1) ?? '';
const stateOf = (job: Job | undefined): Leftover['becomes'] =>
  job ? (job.blocked ? 'blocked' : job.phase) : 'gone';

suite('an update from 0.1.0', () => {
  for (const [state, { leave, becomes, projects, act, thenProjects = projects }] of Object.entries(leftovers))
    test(`neither loses a job nor pays for it twice: ${state}`, async t => {
      const machine = new Machine();
      t.after(() => machine.end());
      const id = await leave(machine, 'anna');
      let hasKey = becomes !== 'blocked';
      const window = machine.current({ hasKey: () => hasKey });
      await machine.clock.settled(window.jobs.refresh());
      await machine.clock.advance(10 * 60_000);
      const job = await machine.find(window, id);
      assert.equal(stateOf(job), becomes, window.log.join('\n'));
      assert.equal(machine.projects('anna'), projects);
      const listed = (await machine.clock.settled(window.jobs.history())).map(each => each.id);
      assert.deepEqual(listed, becomes === 'gone' ? [] : [id]);
      if (job) {
        assert.equal(job.request.values['name'], 'anna');
        assert.equal(job.approval, 1);
        assert.equal(job.failure === undefined, becomes !== 'failed', 'why it failed is kept');
      }
      if (becomes === 'saved') assert.deepEqual(machine.results(), ['anna.png']);

      hasKey = true;
      if (act) {
        await machine.clock.settled(act(machine, window, id));
        await machine.clock.advance(10 * 60_000);
        assert.equal((await machine.find(window, id))?.phase, 'saved', window.log.join('\n'));
        assert.equal(machine.projects('anna'), thenProjects);
      }
      // A window that's opened later sees the same jobs.
      window.kill();
      const later = machine.current();
      const after = await machine.find(later, id);
      assert.equal(stateOf(after), act ? 'saved' : becomes);
      assert.deepEqual(
        machine.results(),
        stateOf(after) === 'saved' || becomes === 'gone' ? ['anna.png'] : [],
      );
    });
});

suite('two versions at the same time', () => {
  test('leave a job alone while a window with 0.1.0 works on it', async t => {
    const machine = new Machine();
    t.after(() => machine.end());
    machine.server.faults.lostResponse.push(() => machine.clock.wait(60_000));
    const old = machine.previous();
    const id = await machine.submit(old, 'anna');
    const window = machine.current();
    await machine.clock.settled(window.jobs.refresh());
    await machine.clock.advance(10 * 60_000);
    assert.equal(stateOf(await machine.find(window, id)), 'saved', window.log.join('\n'));
    assert.equal(machine.projects('anna'), 1);
    assert.deepEqual(machine.results(), ['anna.png']);
  });

  test('send no second create request when 0.1.0 was suspended before its own', async t => {
    // Suspend before each disk operation in turn.
    for (let before = 0; before < 40; before++) {
      const machine = new Machine();
      t.after(() => machine.end());
      let left = Number.POSITIVE_INFINITY;
      let wake: (() => void) | undefined;
      const old: PreviousWindow = machine.previous({
        before: async () => {
          if (left-- === 0) wake = old.suspend();
          // The operation itself is delayed until the window resumes.
          await Promise.resolve();
        },
      });
      const id = await machine.submit(old, 'anna');
      left = before;
      await machine.clock.until(() => wake !== undefined || !isActive(old.jobs.get(id) as Job), hours);
      if (!wake) break;
      const window = machine.current();
      await machine.clock.settled(window.jobs.refresh());
      await machine.clock.advance(10 * 60_000);
      const until = stateOf(await machine.find(window, id));
      const where = `suspended before operation ${before}, then ${until}`;
      assert.ok(until === 'saved' || until === 'unknown', where);
      wake();
      await machine.clock.advance(10 * 60_000);
      assert.ok(machine.projects('anna') <= 1, `bought twice: ${where}`);
      const after = stateOf(await machine.find(window, id));
      assert.ok(after === 'saved' || after === 'unknown', `${after}: ${where}`);
      if (after === 'saved') assert.deepEqual(machine.results(), ['anna.png'], where);
      else assert.ok(machine.server.creates <= 1, where);
      machine.end();
    }
  });

  test("don't create a job that was removed while 0.1.0 was suspended", async t => {
    const machine = new Machine();
    t.after(() => machine.end());
    const old = machine.previous({ upload: () => machine.clock.wait(1_000) });
    const id = await machine.submit(old, 'anna');
    await machine.clock.until(() => old.jobs.get(id)?.phase === 'uploading', hours);
    const wake = old.suspend();
    const window = machine.current();
    await machine.clock.settled(window.jobs.refresh());
    await machine.clock.advance(10 * 60_000);
    assert.equal(stateOf(await machine.find(window, id)), 'saved');
    await machine.clock.settled(window.jobs.remove(id));
    wake();
    await machine.clock.advance(10 * 60_000);
    assert.equal(machine.projects('anna'), 1);
    assert.deepEqual(machine.results(), ['anna.png']);
  });
});

suite('a downgrade to 0.1.0', () => {
  for (const [phase, endsAs] of [
    ['queued', 'saved'],
    ['waiting', 'saved'],
    ['unknown', 'unknown'],
    ['saved', 'saved'],
  ] as const)
    test(`never creates a job that was ${phase}, and the job is back after the next update`, async t => {
      const machine = new Machine();
      t.after(() => machine.end());
      if (phase === 'unknown')
        machine.server.faults.lostResponse.push(() => {
          throw refusal(undefined, { mayHaveBeenCreated: true });
        });
      const window = machine.current(phase === 'queued' ? { hasKey: () => false } : {});
      const id = await machine.submit(window, 'anna');
      await machine.clock.until(
        () => window.jobs.get(id)?.phase === phase || window.jobs.get(id)?.blocked !== undefined,
        hours,
      );
      await machine.clock.advance(500);
      window.kill();
      const projects = machine.projects('anna');

      const old = machine.previous();
      await machine.clock.settled(old.jobs.refresh());
      await machine.clock.advance(10 * 60_000);
      await machine.clock.settled(old.jobs.unblock());
      const own = await machine.submit(old, 'ben');
      await machine.clock.until(() => old.jobs.get(own)?.phase === 'saved', hours);
      await machine.clock.advance(2_000);
      await machine.clock.settled(old.jobs.dispose());
      old.kill();
      assert.equal(machine.projects('anna'), projects, '0.1.0 created nothing');

      const again = machine.current();
      await machine.clock.settled(again.jobs.unblock());
      await machine.clock.advance(10 * 60_000);
      assert.equal(stateOf(await machine.find(again, id)), endsAs, again.log.join('\n'));
      assert.equal(stateOf(await machine.find(again, own)), 'saved', 'the job of 0.1.0 is there, too');
      assert.ok(machine.projects('anna') <= 1);
      assert.equal(machine.projects('ben'), 1);
    });
});

/** Ways in which the records of a later version can differ. */
const future: Readonly<Record<string, (record: Record<string, unknown>) => object>> = {
  'a newer schema': record => ({ ...record, schema: 99, phase: undefined, somethingElse: true }),
  'an unknown phase': record => ({ ...record, phase: 'transcoding' }),
  'an unknown tool': record => ({
    ...record,
    request: { ...(record['request'] as object), tool: 'holograms' },
  }),
};

suite('a record of a later version', () => {
  for (const [name, change] of Object.entries(future))
    test(`with ${name} is left alone`, async t => {
      const machine = new Machine();
      t.after(() => machine.end());
      machine.server.renderTime = hours;
      const window = machine.current({ deathIsSeen: true });
      const id = await machine.submit(window, 'anna');
      await machine.clock.until(() => window.jobs.get(id)?.phase === 'waiting', hours);
      window.kill();
      const path = latestRecord(machine.disk, id);
      const text = JSON.stringify(change(JSON.parse(machine.disk.files.get(path)?.text ?? '')));
      machine.disk.write(path, text);

      let reads = 0;
      const next = machine.current({
        before: (operation, of) => {
          if (operation === 'read' && of === path) reads++;
        },
      });
      await machine.clock.settled(next.jobs.refresh());
      const other = await machine.submit(next, 'ben');
      await machine.clock.advance(10 * 60_000);
      await machine.clock.settled(next.jobs.history());
      await machine.clock.settled(next.jobs.stop(id)).catch(() => {});
      await machine.clock.settled(next.jobs.unblock());
      await machine.clock.advance(60 * 60_000);
      assert.equal(machine.projects('anna'), 1, 'not created again');
      assert.equal(machine.disk.files.get(path)?.text, text, 'the record is untouched');
      assert.deepEqual(
        [...machine.disk.files.keys()].filter(each => each.includes(id) && each.endsWith('.json')),
        [path],
        'and the only one',
      );
      assert.ok(reads < 500, `read ${reads} times`);
      assert.equal(machine.projects('ben'), 1, 'other jobs run');
      assert.ok(await machine.find(next, other));
    });

  for (const [name, change] of Object.entries(future))
    test(`with ${name}, written while this window was suspended, is left alone`, async t => {
      const machine = new Machine();
      t.after(() => machine.end());
      let wake: (() => void) | undefined;
      let asleep: Promise<void> | undefined;
      let isToSleep = false;
      const window = machine.current({
        gate: () => asleep,
        before: async (operation, path) => {
          if (isToSleep && operation === 'create' && path.includes('jobs')) {
            isToSleep = false;
            asleep = new Promise(resolve => {
              wake = () => {
                asleep = undefined;
                resolve();
              };
            });
          }
          await asleep;
        },
        ports: {},
      });
      const id = await machine.submit(window, 'anna');
      isToSleep = true;
      await machine.clock.until(() => wake !== undefined, hours);
      // Another window takes over and finishes the job; then a later version rewrites its record.
      const finisher = machine.current();
      await machine.clock.settled(finisher.jobs.refresh());
      await machine.clock.advance(10 * 60_000);
      assert.equal(stateOf(await machine.find(finisher, id)), 'saved');
      finisher.kill();
      const path = latestRecord(machine.disk, id);
      const record = JSON.parse(machine.disk.files.get(path)?.text ?? '') as Record<string, unknown>;
      machine.disk.write(path, JSON.stringify(change(record)));
      wake?.();
      await machine.clock.advance(10 * 60_000);
      assert.equal(machine.server.creates, 1);
      window.kill();
    });
});

/** The path of the latest record of a job. */
function latestRecord(disk: MemoryDisk, id: string): string {
  const revisions = [...disk.files].flatMap(([path, { text }]) => {
    if (!path.startsWith(previousFolder) || !path.includes(id) || !path.endsWith('.json')) return [];
    const { revision } = JSON.parse(text) as { revision?: number };
    return [{ path, revision: revision ?? -1 }];
  });
  const last = revisions.toSorted((a, b) => a.revision - b.revision).at(-1);
  assert.ok(last);
  return last.path;
}
