import { join } from 'node:path';
import type { Disk } from './disk.ts';
import { thisProcess, type ThisProcess } from './heartbeat.ts';
import { JobService } from './jobService.ts';
import { nodeDisk } from './nodeDisk.ts';
import type { JobPorts } from './ports.ts';

export { systemClock } from './clock.ts';

/** What tests replace. */
export interface Environment {
  readonly disk: Disk;
  readonly process: ThisProcess;
}

/**
 * The jobs stored under `storage`, a folder that all windows of this machine share. Does nothing yet: the jobs are read
 * at the first `refresh`, and nothing runs while there is nothing to do.
 */
export function createJobService(ports: JobPorts, storage: string, environment?: Environment): JobService {
  const { disk, process } = environment ?? { disk: nodeDisk, process: thisProcess() };
  return new JobService(ports, join(storage, 'jobs'), disk, process);
}
