import { HumanError } from '../shared/message.ts';
import { toolOf } from '../tools/index.ts';
import type { Attendance } from './attendance.ts';
import { isAtWork, type Job } from './job.ts';
import type { UnknownAnswer } from './jobs.ts';
import { NotMine, type Ledger } from './ledger.ts';
import { ImpossibleEvent, transition, type JobEvent } from './machine.ts';
import type { JobPorts } from './ports.ts';
import type { Presence } from './presence.ts';
import type { JobRecord } from './record.ts';
import { atRest } from './recorder.ts';

export interface DecisionParts extends Pick<JobPorts, 'api' | 'clock'> {
  readonly ledger: Ledger;
  readonly presence: Presence;
  readonly attendance: Attendance;
}

/**
 * What a person decides about a job that is there. Whoever works on the job, in whichever window, obeys; what nobody
 * works on is changed here.
 */
export class Decisions {
  readonly #parts: DecisionParts;

  constructor(parts: DecisionParts) {
    this.#parts = parts;
  }

  async stop(id: string): Promise<void> {
    const { ledger, presence, clock } = this.#parts;
    const now = clock.now();
    try {
      const known = ledger.get(id);
      const isTended = known?.owner !== undefined && (await presence.isAlive(known.owner.window));
      await ledger.update(id, job => {
        // What has become a question meanwhile wants an answer: its create may have been paid for.
        if (!isAtWork(job) || job.stopRequested) return job;
        if (job.owner && isTended) return transition(job, { type: 'stopRequested' }, now);
        // A create was under way in a window that is gone: whether something was made must be asked.
        if (job.phase === 'creating') return atRest(transition(job, { type: 'responseLost' }, now));
        return atRest(transition(job, { type: 'stopped' }, now));
      });
    } catch (error) {
      // It has ended by itself.
      if (!(error instanceof NotMine)) throw error;
    }
  }

  /** Sets a job that has ended going again. */
  async reopen(id: string, event: JobEvent & { readonly type: 'resumed' | 'retried' }): Promise<void> {
    const { ledger, clock } = this.#parts;
    await this.#inTime(ledger.reopen(id, job => transition(job, event, clock.now())));
    await this.#parts.attendance.look();
  }

  async answer(id: string, answer: UnknownAnswer): Promise<void> {
    if (typeof answer === 'object') await this.#createConfirmed(id, answer.made);
    else await this.#settle(id, { type: answer === 'createAgain' ? 'createAgain' : 'givenUp' });
  }

  async deleteOnServer({ id, projectId, request }: Job): Promise<void> {
    const { ledger, clock } = this.#parts;
    if (projectId === undefined) throw new HumanError('act.tooLate');
    const api = await this.#parts.api();
    await api.deleteProject(toolOf(request.tool).project, projectId);
    const change = (job: JobRecord) =>
      // Another window may have had it made again meanwhile: that project is there.
      job.projectId === projectId ? atRest(transition(job, { type: 'deletedOnServer' }, clock.now())) : job;
    try {
      await ledger.update(id, change);
    } catch (error) {
      if (!(error instanceof NotMine)) throw error;
      await ledger.amend(id, change);
    }
  }

  /** Everything that waited for a key goes on. */
  async unblock(): Promise<void> {
    const { ledger, clock, attendance } = this.#parts;
    const blocked = [...ledger.open].filter(job => job.blocked);
    await Promise.all(
      blocked.map(({ id }) =>
        ledger
          .update(id, job => (job.blocked ? transition(job, { type: 'unblocked' }, clock.now()) : job))
          .catch((error: unknown) => {
            if (!(error instanceof NotMine)) throw error;
          }),
      ),
    );
    await attendance.look();
  }

  async #createConfirmed(id: string, projectId: string): Promise<void> {
    const { ledger } = this.#parts;
    const job = ledger.get(id);
    if (job?.phase !== 'unknown') throw new HumanError('act.tooLate');
    await ledger.refresh();
    const isOthers = (await ledger.history()).some(other => other.id !== id && other.projectId === projectId);
    if (isOthers) throw new HumanError('answer.otherJob', undefined, { suggestedAction: 'openLibrary' });
    const api = await this.#parts.api();
    const project = await api.project(toolOf(job.request.tool).project, projectId);
    if (!project.enabled)
      throw new HumanError('answer.deleted', undefined, { suggestedAction: 'openLibrary' });
    await this.#settle(id, { type: 'createConfirmed', projectId, credits: project.creditsCharged });
  }

  /** An answer to a job that nobody works on. */
  async #settle(id: string, event: JobEvent): Promise<void> {
    const { ledger, clock, attendance } = this.#parts;
    await this.#inTime(
      ledger.update(id, job => {
        if (job.phase !== 'unknown') throw new ImpossibleEvent(job, event);
        return transition(job, event, clock.now());
      }),
    );
    await attendance.look();
  }

  /** The person looked at something that has changed since. */
  async #inTime(act: Promise<unknown>): Promise<void> {
    try {
      await act;
    } catch (error) {
      if (!(error instanceof NotMine || error instanceof ImpossibleEvent)) throw error;
      await this.#parts.attendance.look();
      throw new HumanError('act.tooLate', undefined, { cause: error });
    }
  }
}
