import assert from 'node:assert/strict';
import type { JobRecord } from '../../../src/jobs/job.ts';
import type { Phase } from '../../../src/shared/phase.ts';
import type { ToolId } from '../../fake-api/catalogue.ts';
import type { Fault } from '../../fake-api/faults.ts';
import type { RecordedRequest } from '../../fake-api/journal.ts';
import type { Operation } from '../../fake-api/routes.ts';
import type { Host } from '../harness/host.ts';
import { until } from '../harness/until.ts';
import type { Window } from '../harness/window.ts';
import { nameOf, readJobs } from './jobRecords.ts';
import { submitButton, type ScenarioFixtures } from './scenario.ts';
import { menuItem, text, textLike } from './text.ts';

/** A tool as the scenes need to know it. */
export interface Cast {
  readonly tool: ToolId;
  readonly menuItem: string;
  readonly create: Operation;
  /** What its uploads are named, the image first. */
  readonly endings: readonly string[];
}
export const headshot: Cast = {
  tool: 'headshot',
  menuItem: menuItem('createHeadshot'),
  create: 'createHeadshot',
  endings: ['.png'],
};
export const talkingPhoto: Cast = {
  tool: 'talkingPhoto',
  menuItem: menuItem('createTalkingPhoto'),
  create: 'createTalkingPhoto',
  endings: ['.jpg', '.wav'],
};

/** A window with jobs, the fake API that holds them where a test wants them, and the kill. */
export class CrashScene {
  readonly host: Host;
  readonly control: ScenarioFixtures['api']['control'];
  readonly window: Window;
  /** Requests there were at the last kill: the fake API cannot see that a client died whose body it does not read. */
  #gone = 0;

  constructor(host: Host, control: ScenarioFixtures['api']['control'], window: Window) {
    this.host = host;
    this.control = control;
    this.window = window;
  }

  /** Selects files in the Explorer, from the first to the last, and submits a job for each image. */
  async submit({ menuItem }: Cast, first: string, last = first): Promise<void> {
    const { explorer, quickInput } = this.window;
    await explorer.select(first);
    if (last !== first) await explorer.row(last).click({ modifiers: ['Shift'] });
    await explorer.choose(last, 'Magic Hour', menuItem);
    await submitButton(this.window.form()).click();
    // The ledger has the jobs when they take the form's place.
    await submitButton(this.window.form()).waitFor({ state: 'detached' });
    // They need no form, and one that every restart brings back would only cost time.
    await quickInput.command('View: Close All Editors');
    await until('the form to close', async () => (await this.window.tabs()).length === 0);
  }

  /** What the present extension host has sent and the fake API holds. */
  held(operation?: Operation): RecordedRequest[] {
    return this.control.requests
      .slice(this.#gone)
      .filter(record => record.outcome === 'open' && record.fault !== undefined)
      .filter(record => operation === undefined || record.operation === operation);
  }

  at(phase: Phase, cast: Cast): JobRecord[] {
    return readJobs(this.host).filter(job => job.phase === phase && job.request.tool === cast.tool);
  }

  /** Kills the extension host; `faults`, and no others, are what the next one meets. */
  async kill(...faults: Fault[]): Promise<void> {
    this.control.clearFaults();
    for (const fault of faults) this.control.fault(fault);
    this.#gone = this.control.requests.length;
    await this.window.killExtensionHost();
  }

  /** Answers the question of a job in the list of jobs: with its project, or by creating it again. */
  async answer(job: JobRecord): Promise<void> {
    const { window } = this;
    const { quickInput } = window;
    const known = this.control.projects();
    const project = known.find(({ body }) => isOf(job, body));
    // A pick closes when something else takes the focus, as happens while windows come and go.
    await until(`the list of jobs to offer ${nameOf(job)}`, async () => {
      await quickInput.command('Magic Hour: Show Jobs');
      await quickInput.waitFor(text('jobs.title'));
      await quickInput.field.fill(fileNameOf(job), { timeout: 2000 });
      await quickInput.row(text('phase.unknown')).click({ timeout: 2000 });
      await quickInput.row(text('action.answer')).click({ timeout: 2000 });
      return true;
    });
    // This one stays until it is answered.
    await quickInput.waitFor(textLike('unknown.title'));
    if (project) {
      await quickInput.pick(text('unknown.made'));
      await quickInput.answer(project.id);
    } else {
      await quickInput.pick(text('unknown.again'));
      await window
        .dialog(textLike('editor.retryQuestion'))
        .getByRole('button', { name: text('editor.createAgain') })
        .click();
      await until('the second create', () => this.control.projects().length > known.length);
      this.control.complete(this.control.projects().at(-1)?.id ?? '');
    }
    await until(`${nameOf(job)} to be saved`, () => readJobs(this.host, job.id)[0]?.phase === 'saved');
  }
}

/** Is this the body of a create for that job? */
export const isOf = (job: JobRecord, body: unknown): boolean =>
  Object.values(job.references ?? {}).some(reference => JSON.stringify(body).includes(reference));

const fileNameOf = (job: JobRecord): string =>
  `${nameOf(job).split('/').at(-1)}${job.request.tool === 'headshot' ? '.png' : '.jpg'}`;

/** Which jobs were where when the extension host was killed. */
export class Points {
  readonly #jobs = new Map<string, readonly string[]>();

  /** @param jobs As {@link nameOf} says them. */
  reach(point: string, ...jobs: string[]): void {
    assert.ok(jobs.length > 0 && !jobs.includes(''), `a job at "${point}"`);
    assert.ok(!this.#jobs.has(point), `"${point}" once`);
    this.#jobs.set(point, jobs);
  }

  /** What became of the jobs of each point. */
  outcomes(outcomeOf: (job: string) => string): Record<string, string> {
    return Object.fromEntries(
      [...this.#jobs].map(([point, jobs]) => [
        point,
        [...new Set(jobs.map(outcomeOf))].toSorted().join(' or '),
      ]),
    );
  }
}
