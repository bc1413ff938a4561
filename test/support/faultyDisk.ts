import { basename, dirname } from 'node:path';
import * as fc from 'fast-check';
import { type Disk, reservationFor } from '../../src/jobs/disk.ts';
import type { DiskView } from './memoryDisk.ts';

type Change = 'create' | 'replace' | 'place' | 'remove';

/** Ways in which real file systems misbehave. */
export type DiskFault =
  /** The operation takes effect, then reports an error, as when cleanup fails or a file server's response is lost. */
  | { readonly kind: 'doneButFailed'; readonly operation: Change }
  /** The file is created, but its name is reported as taken, because NFS repeats a `link` whose response was lost. */
  | { readonly kind: 'doneButTaken'; readonly operation: 'create' }
  /** A listing contains files twice, because the folder changed while it was read. */
  | { readonly kind: 'duplicateListing' }
  /** A listing is outdated, because NFS caches it until this machine changes the folder itself. */
  | { readonly kind: 'staleListing' }
  /** A listed file can't be read for a while. Either it seems to be missing, or the read fails. */
  | { readonly kind: 'unreadable'; readonly times: number; readonly isAbsent: boolean };

export interface ArmedFault {
  readonly fault: DiskFault;
  /** The number of operations of this kind that succeed before the fault. */
  readonly after?: number;
  /** The affected paths. The default is all paths. */
  readonly path?: RegExp;
}

export interface FaultyDisk extends Disk {
  /** Makes the fault occur once. */
  arm(fault: ArmedFault): void;
  /** Disarms all faults. */
  heal(): void;
  /** The number of faults that have occurred, by kind. */
  readonly struck: ReadonlyMap<DiskFault['kind'], number>;
}

export interface FaultyDiskOptions {
  /** False on exFAT and some network shares, where a file is created empty and then written. */
  readonly hardLinks?: boolean;
}

const failure = (code: string, operation: string, path: string): Error =>
  Object.assign(new Error(`${code}: ${operation} ${path}`), { code });

/** A disk on which armed faults occur. */
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

/** Creates a file first and then writes it, as `nodeDisk` does, so that a process can die in between. */
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
    create: async (path, text, durable) =>
      text === ''
        ? disk.create(path, text, durable)
        : (await fill(path, '', () => disk.replace(path, text))) && (await disk.read(path)) === text,
    place: (from, to) =>
      fill(to, reservationFor(basename(from)), async () => {
        if (!(await disk.move(from, to))) throw failure('ENOENT', 'place', from);
      }),
  };
}

/** For property tests. */
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
