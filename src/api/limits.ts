import type { Operation } from './errors.ts';

/** Limits on how long a call may take, in milliseconds, and how much it may transfer. */
export interface CallLimits {
  /** The time from the last byte that was sent until the response's headers arrive. */
  readonly headers: number;
  /** The maximum time between two chunks of the response's body. A slow transfer continues; a stalled one fails. */
  readonly idle: number;
  /** The time for the entire call. Absent for transfers, which may take any amount of time. */
  readonly total?: number;
  /** The maximum size of a result. Without this limit, a download could fill the disk. */
  readonly bytes?: number;
}

export interface Limits extends Readonly<Record<Operation, CallLimits>> {
  /** The time for connecting, including TLS and the proxy. */
  readonly connect: number;
}

const seconds = 1000;
const small: CallLimits = { headers: 30 * seconds, idle: 20 * seconds, total: 60 * seconds };

export const defaultLimits: Limits = {
  connect: 15 * seconds,
  account: small,
  uploadUrls: small,
  project: small,
  deleteProject: small,
  // After a timeout, we can't know whether the job was created and charged, so allow at least two minutes.
  create: { headers: 180 * seconds, idle: 120 * seconds, total: 300 * seconds },
  // The storage may take a while to respond after the last byte of a large file.
  upload: { headers: 120 * seconds, idle: 60 * seconds },
  // Far larger than five minutes of video.
  download: { headers: 60 * seconds, idle: 45 * seconds, bytes: 16 * 1024 ** 3 },
};

/** The maximum size of a JSON response. */
export const maxResponseBytes = 4 * 1024 * 1024;
