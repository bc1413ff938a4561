import type { Tool } from '../tools/tool.ts';
import type { Project } from '../api/types.ts';
import type { Disk } from './disk.ts';
import type { JobProgress } from './job.ts';
import type { JobEvent } from './machine.ts';
import type { Poller } from './poller.ts';
import type { JobPorts } from './ports.ts';
import type { JobRecord } from './record.ts';
import type { RunTimes } from './runTimes.ts';

/** What the phases work with, the same for all jobs. */
export interface Workshop extends JobPorts {
  readonly disk: Disk;
  readonly poller: Poller;
  readonly runTimes: RunTimes;
  /** Where downloads lie whose folder is not on this disk. */
  readonly parts: string;
}

/** One job in the hands of this window. */
export interface Work {
  readonly tool: Tool;
  /** The mark of this window's claim on the job. */
  readonly claim: string;
  /** As it is in the ledger. */
  readonly job: JobRecord;
  /** Aborted when the person stops the job, another window has taken it, or this window closes. */
  readonly signal: AbortSignal;
  /**
   * Writes down what happened, all of it or nothing, if the job is still this window's.
   * @throws NotMine
   */
  readonly record: (...events: readonly JobEvent[]) => Promise<JobRecord>;
  /**
   * Looks on the disk whether the job is still this window's.
   * @throws NotMine
   */
  readonly check: () => Promise<void>;
  readonly show: (progress: JobProgress) => void;
  /** The project as it was last seen complete, with addresses that are fresh. */
  complete?: { readonly project: Project; readonly at: number };
  /** This window sent the create and has waited ever since, so that it knows how long the run takes. */
  createdHere?: boolean;
}
