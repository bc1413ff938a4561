import type { Operation } from './errors.ts';

/** How long a call may take, in milliseconds, and how much it may transfer. */
export interface CallLimits {
  /** Until the response's headers, counted from the last byte that was sent. */
  readonly headers: number;
  /** Between two chunks of the response's body: a slow transfer continues, a stalled one is noticed. */
  readonly idle: number;
  /** For the entire call. Absent for transfers, which may take any amount of time. */
  readonly total?: number;
  /** The size of a result. Without it a download could fill the disk. */
  readonly bytes?: number;
}

export interface Limits extends Readonly<Record<Operation, CallLimits>> {
  /** For connecting, including TLS and the proxy. */
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
  // After a timeout, it's unknown whether the job was created and charged, so allow at least two minutes.
  create: { headers: 180 * seconds, idle: 120 * seconds, total: 300 * seconds },
  // Storage may take a while to respond after the last byte of a large file.
  upload: { headers: 120 * seconds, idle: 60 * seconds },
  // Far more than five minutes of video.
  download: { headers: 60 * seconds, idle: 45 * seconds, bytes: 16 * 1024 ** 3 },
};

/** The largest JSON response that is read. */
export const maxResponseBytes = 4 * 1024 * 1024;
