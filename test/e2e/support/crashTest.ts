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
import { menuItem, paletteItem, text, textLike } from './text.ts';

/** A tool that the crash tests use. */
export interface CrashTool {
  readonly tool: ToolId;
  readonly menuItem: string;
  readonly create: Operation;
  /** The file extensions of its uploads, starting with the image. */
  readonly extensions: readonly string[];
}
export const headshot: CrashTool = {
  tool: 'headshot',
  menuItem: menuItem('createHeadshot'),
  create: 'createHeadshot',
  extensions: ['.png'],
};
export const talkingPhoto: CrashTool = {
  tool: 'talkingPhoto',
  menuItem: menuItem('createTalkingPhoto'),
  create: 'createTalkingPhoto',
  extensions: ['.jpg', '.wav'],
};

/** Kills the extension host of a window while the fake API holds its jobs at certain points. */
export class CrashTest {
  readonly host: Host;
  readonly control: ScenarioFixtures['api']['control'];
  readonly window: Window;
  /**
   * The number of requests before the last kill. While the fake API holds a request body, it doesn't notice that the
   * client has died, so these requests must be skipped.
   */
  #requestsBeforeKill = 0;

  constructor(host: Host, control: ScenarioFixtures['api']['control'], window: Window) {
    this.host = host;
    this.control = control;
    this.window = window;
  }

  /** Selects the files from `first` to `last` in the Explorer and submits a job for each image. */
  async submit({ menuItem }: CrashTool, first: string, last = first): Promise<void> {
    const { explorer, quickInput } = this.window;
    await explorer.select(first);
    if (last !== first) await explorer.row(last).click({ modifiers: ['Shift'] });
    await explorer.choose(last, 'Magic Hour', menuItem);
    const button = submitButton(this.window.form());
    const count = Number(/\d+/.exec((await button.textContent()) ?? '')?.[0] ?? 1);
    const before = readJobs(this.host).length;
    await button.click();
    // The form shows the jobs, and the uploads start, before the jobs are recorded.
    await until('the jobs to be recorded', () => readJobs(this.host).length === before + count);
    await button.waitFor({ state: 'detached' });
    // The jobs don't need the form, and restoring it after every crash would only take time.
    await quickInput.command('View: Close All Editors');
    await until('the form to close', async () => (await this.window.tabs()).length === 0);
  }

  /** The requests from the current extension host that the fake API holds. */
  held(operation?: Operation): RecordedRequest[] {
    return this.control.requests
      .slice(this.#requestsBeforeKill)
      .filter(record => record.outcome === 'open' && record.fault !== undefined)
      .filter(record => operation === undefined || record.operation === operation);
  }

  jobsIn(phase: Phase, { tool }: CrashTool): JobRecord[] {
    return readJobs(this.host).filter(job => job.phase === phase && job.request.tool === tool);
  }

  /** Kills the extension host. Only `faults` are armed for the next one. */
  async kill(...faults: Fault[]): Promise<void> {
    this.control.clearFaults();
    for (const fault of faults) this.control.fault(fault);
    this.#requestsBeforeKill = this.control.requests.length;
    await this.window.killExtensionHost();
  }

  /** Answers a job's question in the jobs quick pick, either with its project ID or by creating it again. */
  async answer(job: JobRecord): Promise<void> {
    const { window } = this;
    const { quickInput } = window;
    const known = this.control.projects();
    const project = known.find(({ body }) => isOf(job, body));
    // A quick pick closes when something else takes the focus.
    await until(`the quick pick to offer ${nameOf(job)}`, async () => {
      await quickInput.command(paletteItem('showJobs'));
      await quickInput.waitFor(text('jobs.title'));
      await quickInput.field.fill(fileNameOf(job), { timeout: 2000 });
      await quickInput.row(text('phase.unknown')).click({ timeout: 2000 });
      await quickInput.row(text('action.answer')).click({ timeout: 2000 });
      return true;
    });
    // This quick pick stays open until the user answers.
    await quickInput.waitFor(textLike('unknown.title'));
    if (project) {
      await quickInput.pick(text('unknown.created'));
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

/** Whether this is the body of the job's create request. */
export const isOf = (job: JobRecord, body: unknown): boolean =>
  Object.values(job.uploads?.references ?? {}).some(reference => JSON.stringify(body).includes(reference));

const fileNameOf = (job: JobRecord): string =>
  `${nameOf(job).split('/').at(-1)}${job.request.tool === 'headshot' ? '.png' : '.jpg'}`;

/** Records where each job was when the extension host was killed. */
export class CrashPoints {
  readonly #jobs = new Map<string, readonly string[]>();

  /** @param jobs The names of the jobs, as returned by {@link nameOf}. */
  reach(point: string, ...jobs: string[]): void {
    assert.ok(jobs.length > 0 && !jobs.includes(''), `no job at "${point}"`);
    assert.ok(!this.#jobs.has(point), `"${point}" was reached twice`);
    this.#jobs.set(point, jobs);
  }

  /** Returns how the jobs ended, by crash point. */
  outcomes(outcomeOf: (job: string) => string): Record<string, string> {
    return Object.fromEntries(
      [...this.#jobs].map(([point, jobs]) => [
        point,
        [...new Set(jobs.map(outcomeOf))].toSorted().join(' or '),
      ]),
    );
  }
}
