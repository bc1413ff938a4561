/**
 * What the store and the saving of results need from a file system; tests use disks that fail or die between any two
 * operations. A missing file isn't an error; all other file system errors are thrown as is.
 */
export interface Disk {
  /** Names in a folder; none if it doesn't exist. */
  list(folder: string): Promise<readonly string[]>;
  /** undefined: no such file. */
  read(path: string): Promise<string | undefined>;
  /**
   * Creates a file with its full content, or not at all. false: the name is taken, possibly by another process that
   * replaced the file. `durable`: once this resolves, the file survives a power cut. Fails with ENOENT if the folder is
   * missing.
   */
  create(path: string, text: string, durable: boolean): Promise<boolean>;
  /** Replaces a file atomically; creates its folder if needed. Not durable, so only for data that may be lost. */
  replace(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Durable, so that a file created in it survives a power cut. */
  makeFolder(path: string): Promise<void>;
  /** Removes a folder and the files in it. */
  removeFolder(path: string): Promise<void>;
  /** Length in bytes; undefined: no such file. */
  size(path: string): Promise<number | undefined>;
  /** Makes a file's bytes durable. */
  flush(path: string): Promise<void>;
  /**
   * Gives a finished file its final name without ever overwriting; the old name may stay until it is removed.
   * false: the name is taken. A crash can leave a reservation under the final name, see {@link reservedFor}.
   */
  place(from: string, to: string): Promise<boolean>;
  /** SHA-256 of a file's bytes. */
  digest(path: string): Promise<string>;
  /** Identifies a file independently of its name; undefined: no such file. */
  stamp(path: string): Promise<string | undefined>;
  /** Reports changes in a folder. Best effort. */
  watch(folder: string, onChange: () => void): { dispose(): void };
}

const reservationMark = 'magic-hour-reservation ';

/** Content of a file that only reserves a name until the file called `owner` replaces it. */
export const reservationFor = (owner: string): string => `${reservationMark}${owner}`;
/** Longer files are never reservations. */
export const longestReservation = 300;
/** The name of the file that a reservation waits for. */
export const reservedFor = (text: string): string | undefined =>
  text.startsWith(reservationMark) ? text.slice(reservationMark.length) : undefined;

/** Whether this failed because a file's folder is missing. */
export const isMissingFolder = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
