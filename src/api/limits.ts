import type { Operation } from './errors.ts';

/** How long a call may take, in milliseconds, and how much it may bring. */
export interface CallLimits {
  /** Without a byte of the answer's head, counted from the last byte that was sent. */
  readonly headers: number;
  /** Without a further byte of the answer's body: a slow transfer goes on, a stalled one is noticed. */
  readonly idle: number;
  /** As a whole. Absent for transfers, which take as long as they take. */
  readonly total?: number;
  /** Bytes of a result, where a transfer would otherwise go on until the disk is full. */
  readonly bytes?: number;
}

export interface Limits extends Readonly<Record<Operation, CallLimits>> {
  /** To be connected, with TLS and through a proxy. */
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
  // Giving up early would leave a person not knowing what was bought: never below two minutes.
  create: { headers: 180 * seconds, idle: 120 * seconds, total: 300 * seconds },
  // A storage may take its time after the last byte of a large file.
  upload: { headers: 120 * seconds, idle: 60 * seconds },
  // Far beyond five minutes of video.
  download: { headers: 60 * seconds, idle: 45 * seconds, bytes: 16 * 1024 ** 3 },
};

/** Bytes of a JSON answer that are read at most. */
export const longestReply = 4 * 1024 * 1024;
