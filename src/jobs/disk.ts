/**
 * The file system operations needed to store jobs and save results. Tests use disks that fail or die between any two
 * operations. A missing file isn't an error; all other file system errors are thrown as is.
 */
export interface Disk {
  /** The names in a folder, or none if the folder doesn't exist. */
  list(folder: string): Promise<readonly string[]>;
  /** Returns undefined if there is no such file. */
  read(path: string): Promise<string | undefined>;
  /**
   * Creates a file with its full content, or not at all. Resolves to false if the name is taken, possibly by another
   * process that replaced the file. If `durable`, the file survives a power failure once this resolves. Fails with
   * ENOENT if the folder is missing.
   */
  create(path: string, text: string, durable: boolean): Promise<boolean>;
  /** Replaces a file atomically, creating its folder if needed. Not durable, so only for data that may be lost. */
  replace(path: string, text: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Creates a folder durably, so that a file created in it survives a power failure. */
  makeFolder(path: string): Promise<void>;
  /** Removes a folder and the files in it. */
  removeFolder(path: string): Promise<void>;
  /** The length in bytes, or undefined if there is no such file. */
  size(path: string): Promise<number | undefined>;
  /** Makes a file's bytes durable. */
  flush(path: string): Promise<void>;
  /**
   * Gives a finished file its final name, never overwriting another file. The old name may remain until it's removed.
   * Resolves to false if the name is taken. A crash can leave a reservation under the final name; see
   * {@link reservedFor}.
   */
  place(from: string, to: string): Promise<boolean>;
  /** SHA-256 of a file's bytes. */
  digest(path: string): Promise<string>;
  /** Identifies a file independently of its name. Returns undefined if there is no such file. */
  stamp(path: string): Promise<string | undefined>;
  /** Reports changes in a folder. Best effort. */
  watch(folder: string, onChange: () => void): { dispose(): void };
}

const reservationMark = 'magic-hour-reservation ';

/** The content of a file that only reserves a name until the file named `owner` replaces it. */
export const reservationFor = (owner: string): string => `${reservationMark}${owner}`;
/** A longer file is never a reservation. */
export const longestReservation = 300;
/** The name of the file that will replace a reservation, or undefined if `text` isn't a reservation. */
export const reservedFor = (text: string): string | undefined =>
  text.startsWith(reservationMark) ? text.slice(reservationMark.length) : undefined;

/** Whether an operation failed because the file's folder is missing. */
export const isMissingFolder = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT';
