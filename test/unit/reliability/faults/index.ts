import { creates } from './createFaults.ts';
import { downloads } from './downloadFaults.ts';
import type { FaultGroup } from './fault.ts';
import { networks } from './networkFaults.ts';
import { records, saves } from './saveFaults.ts';
import { addresses, files, uploads } from './uploadFaults.ts';
import { waits } from './waitFaults.ts';

/** All faults, in the order of a job's phases. */
export const groups: readonly FaultGroup[] = [
  files,
  addresses,
  uploads,
  creates,
  waits,
  downloads,
  saves,
  records,
  networks,
];
