import type { Row } from '../row.ts';
import { activation, idle } from './activation.ts';
import { clipAccuracy } from './clipAccuracy.ts';
import { clipBytes } from './clipBytes.ts';
import { clipTime } from './clipTime.ts';
import { form } from './form.ts';
import { headshots } from './headshots.ts';
import { load } from './load.ts';
import { memory } from './memory.ts';
import { polling } from './polling.ts';
import { packageSize } from './package.ts';
import { put } from './put.ts';

/** All rows, in the order of the document. */
export const rows: readonly Row[] = [
  put,
  clipBytes,
  clipTime,
  clipAccuracy,
  headshots,
  polling,
  activation,
  form,
  idle,
  packageSize,
  memory,
  load,
];
