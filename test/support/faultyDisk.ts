import { basename, dirname } from 'node:path';
import * as fc from 'fast-check';
import { type Disk, reservationFor } from '../../src/jobs/disk.ts';
import type { DiskView } from './memoryDisk.ts';

type Change = 'create' | 'replace' | 'place' | 'remove';

/** What real file systems do and a textbook one doesn't. */
export type DiskFault =
  /** The operation takes effect, then an error is reported: a failed clean-up, a lost response of a file server. */
  | { readonly kind: 'doneButFailed'; readonly operation: Change }
  /** The name was free and is now ours, but the answer is "taken": NFS repeats a `link` whose response was lost. */
  | { readonly kind: 'doneButTaken'; readonly operation: 'create' }
  /** A listing names files twice: the folder changed while it was read. */
  | { readonly kind: 'duplicateListing' }
  /** A listing shows what the folder held before: NFS caches until this machine itself changes the folder. */
  | { readonly kind: 'staleListing' }
  /** A file that is listed can't be read for a while: it seems absent, or the read fails. */
  | { readonly kind: 'unreadable'; readonly times: number; readonly isAbsent: boolean };

export interface ArmedFault {
  readonly fault: DiskFault;
  /** Operations of this kind that go well first. */
  readonly after?: number;
  /** Only paths that match; all when left out. */
  readonly path?: RegExp;
}

export interface FaultyDisk extends Disk {
  /** The fault strikes once. */
  arm(fault: ArmedFault): void;
  /** No armed fault strikes any more. */
  heal(): void;
  /** How many faults have struck, by kind. */
  readonly struck: ReadonlyMap<DiskFault['kind'], number>;
}

export interface FaultyDiskOptions {
  /** false: like exFAT and some network shares, where nodeDisk takes a name first and writes afterward. */
  readonly hardLinks?: boolean;
}

const failure = (code: string, operation: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${operation} ${path}`), { code });

/** A disk on which armed faults strike. What doesn't strike is passed on to `disk`. */
export function faultyDisk(disk: DiskView, { hardLinks = true }: FaultyDiskOptions = {}): FaultyDisk {
  const base = hardLinks ? disk : withoutHardLinks(disk);
  const armed: { readonly fault: DiskFault; readonly path: RegExp | undefined; left: number }[] = [];
  const struck = new Map<DiskFault['kind'], number>();
  const unreadable = new Map<string, { left: number; readonly isAbsent: boolean }>();
  const listings = new Map<string, readonly string[]>();

  const strike = (path: string, matches: (fault: DiskFault) => boolean): DiskFault | undefined => {
    const at = armed.findIndex(
      entry => matches(entry.fault) && (entry.path?.test(path) ?? true) && entry.left-- <= 0,
    );
    const fault = at < 0 ? undefined : armed.splice(at, 1)[0]?.fault;
    if (fault) struck.set(fault.kind, (struck.get(fault.kind) ?? 0) + 1);
    return fault;
  };

  const change = async <T>(
    operation: Change,
    paths: readonly string[],
    act: () => Promise<T>,
  ): Promise<T> => {
    for (const path of paths) listings.delete(dirname(path));
    const result = await act();
    const target = paths.at(-1) ?? '';
    if (result === false) return result;
    const fault = strike(target, each => 'operation' in each && each.operation === operation);
    if (fault?.kind === 'doneButFailed') throw failure('EIO', operation, target);
    return fault?.kind === 'doneButTaken' ? (false as T) : result;
  };

  return {
    arm: ({ fault, after = 0, path }) => void armed.push({ fault, path, left: after }),
    heal() {
      armed.length = 0;
      unreadable.clear();
    },
    struck,
    async list(folder) {
      const before = listings.get(folder);
      const names = await base.list(folder);
      const fault = strike(
        folder,
        ({ kind }) => kind === 'duplicateListing' || (kind === 'staleListing' && before !== undefined),
      );
      if (fault?.kind === 'staleListing' && before) return before;
      listings.set(folder, names);
      return fault ? [...names, ...names.toReversed()] : names;
    },
    async read(path) {
      const fault = strike(path, ({ kind }) => kind === 'unreadable');
      if (fault?.kind === 'unreadable') unreadable.set(path, { left: fault.times, isAbsent: fault.isAbsent });
      const text = await base.read(path);
      const state = unreadable.get(path);
      if (!state || text === undefined) return text;
      if (--state.left <= 0) unreadable.delete(path);
      if (state.isAbsent) return undefined;
      throw failure('EIO', 'read', path);
    },
    create: (path, text, durable) => change('create', [path], () => base.create(path, text, durable)),
    replace: (path, text) => change('replace', [path], () => base.replace(path, text)),
    place: (from, to) => change('place', [from, to], () => base.place(from, to)),
    remove: path => change('remove', [path], () => base.remove(path)),
    makeFolder: path => base.makeFolder(path),
    removeFolder: path => base.removeFolder(path),
    size: path => base.size(path),
    flush: path => base.flush(path),
    digest: path => base.digest(path),
    stamp: path => base.stamp(path),
    watch: (folder, onChange) => base.watch(folder, onChange),
  };
}

/** As `nodeDisk` does it: a name is taken first and filled afterward, and a process can die between the two. */
function withoutHardLinks(disk: DiskView): Disk {
  const fill = async (path: string, first: string, work: () => Promise<unknown>): Promise<boolean> => {
    if (!(await disk.create(path, first, false))) return false;
    await work().catch(async (error: unknown) => {
      await disk.remove(path).catch(() => {});
      throw error;
    });
    return true;
  };
  return {
    ...disk,
    create: (path, text, durable) =>
      text === '' ? disk.create(path, text, durable) : fill(path, '', () => disk.replace(path, text)),
    place: (from, to) =>
      fill(to, reservationFor(basename(from)), async () => {
        if (!(await disk.move(from, to))) throw failure('ENOENT', 'place', from);
      }),
  };
}

/** A fault for property tests, with how many operations go well before it strikes. */
export const armedFault: fc.Arbitrary<ArmedFault> = fc.record({
  after: fc.nat({ max: 6 }),
  fault: fc.oneof(
    fc.record({
      kind: fc.constant('doneButFailed' as const),
      operation: fc.constantFrom<Change>('create', 'create', 'replace', 'place', 'remove'),
    }),
    fc.record({
      kind: fc.constant('doneButTaken' as const),
      operation: fc.constant('create' as const),
    }),
    fc.record({ kind: fc.constant('duplicateListing' as const) }),
    fc.record({ kind: fc.constant('staleListing' as const) }),
    fc.record({
      kind: fc.constant('unreadable' as const),
      times: fc.integer({ min: 1, max: 20 }),
      isAbsent: fc.boolean(),
    }),
  ),
});
