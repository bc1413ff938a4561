/**
 * What the ledger and the saving of results need of a file system, so that tests can put a disk in its place that
 * dies between any two operations. Absent files are no errors; everything else a disk can refuse is thrown as is.
 */
export interface Disk {
  /** Names in a folder; none when it does not exist. */
  list(folder: string): Promise<readonly string[]>;
  /** undefined: no such file. */
  read(path: string): Promise<string | undefined>;
  /**
   * A new file that appears whole, or not at all. false: the name is taken. `durable`: once this resolves it is on
   * the platter and survives a power cut.
   */
  create(path: string, text: string, durable: boolean): Promise<boolean>;
  /** Puts a file in place of what was there, whole. Not forced to the platter: for what may be lost. */
  replace(path: string, text: string): Promise<void>;
  /** Replaces the target. false: there is nothing at `from`. */
  move(from: string, to: string): Promise<boolean>;
  remove(path: string): Promise<void>;
  makeFolder(path: string): Promise<void>;
  /** Length in bytes; undefined: no such file. */
  size(path: string): Promise<number | undefined>;
  /** Forces a file's bytes to the platter. */
  flush(path: string): Promise<void>;
  /**
   * Gives a finished file its final name without ever overwriting; the old name stays until it is removed.
   * false: the name is taken.
   */
  place(from: string, to: string): Promise<boolean>;
  /** What tells this file from any other, whatever its name is; undefined: no such file. */
  stamp(path: string): Promise<string | undefined>;
  /** Tells of changes in a folder, with the file's name where known. Best effort. */
  watch(folder: string, onChange: (name: string | undefined) => void): { dispose(): void };
}
