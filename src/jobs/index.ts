import { join } from 'node:path';
import { JobDesk } from './desk.ts';
import type { Disk } from './disk.ts';
import type { Jobs } from './jobs.ts';
import { nodeDisk } from './nodeDisk.ts';
import type { JobPorts } from './ports.ts';
import type { ThisProcess } from './presence.ts';
import { thisProcess } from './thisProcess.ts';

export { systemClock } from './clock.ts';

/** What tests put in place of this machine. */
export interface Machine {
  readonly disk: Disk;
  readonly process: ThisProcess;
}

/**
 * The jobs kept under `storage`, a folder that all windows of this machine share. Does nothing yet: the ledger is
 * read at the first `refresh`, and nothing runs while there is nothing to do.
 */
export function createJobs(ports: JobPorts, storage: string, machine?: Machine): Jobs {
  const { disk, process } = machine ?? { disk: nodeDisk, process: thisProcess() };
  return new JobDesk(ports, join(storage, 'jobs'), disk, process);
}
