import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Clock, Log, PreparedInput } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';
import { readingFailed } from './file.ts';
import type { SendFile } from './sendFile.ts';
import { UploadCache } from './uploadCache.ts';

type Outgoing = PreparedInput & { readonly kind: 'upload' };

interface Waiter {
  readonly signal: AbortSignal;
  /** Bytes sent so far; counted from 0 again when an attempt failed. */
  readonly onProgress: (bytes: number) => void;
}

/** An upload under way or just arrived, and who waits for it. */
interface Flight {
  readonly file: Outgoing;
  readonly modified: number;
  readonly account: string | undefined;
  readonly waiters: Set<Waiter>;
  readonly abort: AbortController;
  readonly reference: Promise<string>;
  /** Bytes sent so far, for those who come later. */
  readonly sent: { bytes: number };
  /** Where it arrived. From then on it stays until it is remembered, so that it is found in between. */
  filePath?: string;
  /** SHA-256 of the file: once it has arrived, or when another of the same size asks. */
  hash?: Promise<string>;
}

interface Parts {
  readonly folder: string;
  readonly account: () => Promise<string | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  readonly send: SendFile;
}

/**
 * The same bytes go up once: while they are under way everybody waits for that upload, and afterwards they are found in
 * the cache. A file is read ahead of its upload only when something of the same size is known; otherwise its hash is
 * taken once it has arrived, beside the job that goes on with it: on the thread that sends, hashing would halve what a
 * fast line carries (docs/benchmarks.md, `put`).
 */
export class Uploads {
  readonly #parts: Parts;
  readonly #cache: UploadCache;
  readonly #flights = new Set<Flight>();
  #pruned = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#cache = new UploadCache(parts.folder, () => parts.clock.now());
  }

  /** @throws HumanError when the file changed; whatever sending throws; the waiter's abort reason */
  async get(file: Outgoing, waiter: Waiter): Promise<string> {
    const account = await this.#account();
    let hash: Promise<string> | undefined;
    const others = new Set<Flight>();
    for (;;) {
      waiter.signal.throwIfAborted();
      const modified = await checkUnchanged(file);
      const hashOnce = () => (hash ??= hashFile({ file, modified }, waiter.signal));
      const twin = await this.#twin(file, modified, account, others, hashOnce);
      if (twin) {
        const reference = await this.#join(twin, waiter).catch((error: unknown) => {
          waiter.signal.throwIfAborted();
          // It failed for its own file or its own people: this one has a file and people of its own.
          this.#parts.log.info(`A shared upload failed, sending separately: ${String(error)}`);
        });
        if (reference !== undefined) return reference;
        continue;
      }
      const known = await this.#known(file, account, hashOnce);
      if (known !== undefined) return known;
      // Others may have come while the disk was asked; what follows up to the start has no pause.
      if (this.#alike(file, account).some(flight => !others.has(flight))) continue;
      return await this.#join(this.#start(file, modified, account), waiter);
    }
  }

  async forget(references: ReadonlySet<string>): Promise<void> {
    for (const flight of this.#flights)
      if (flight.filePath !== undefined && references.has(flight.filePath)) this.#flights.delete(flight);
    await this.#cache.forget(references);
  }

  async #account(): Promise<string | undefined> {
    try {
      const key = await this.#parts.account();
      if (key === undefined) return undefined;
      if (!this.#pruned) {
        this.#pruned = true;
        await this.#cache.prune();
      }
      return await this.#cache.account(key);
    } catch (error) {
      this.#parts.log.warn(`Uploads are not remembered: ${String(error)}`);
      return undefined;
    }
  }

  /** Uploads under way that could be of the same bytes. */
  #alike(file: Outgoing, account: string | undefined): Flight[] {
    return [...this.#flights].filter(
      flight =>
        flight.account === account &&
        flight.file.bytes === file.bytes &&
        flight.file.type === file.type &&
        flight.file.extension === file.extension,
    );
  }

  /** An upload under way of the very same bytes. Those that are of other bytes are added to `others`. */
  async #twin(
    file: Outgoing,
    modified: number,
    account: string | undefined,
    others: Set<Flight>,
    hashOnce: () => Promise<string>,
  ): Promise<Flight | undefined> {
    const alike = this.#alike(file, account).filter(flight => !others.has(flight));
    const same = alike.find(flight => flight.file.path === file.path && flight.modified === modified);
    if (same || alike.length === 0) return same;
    const hash = await hashOnce();
    for (const flight of alike) {
      flight.hash ??= hashFile(flight);
      const isTwin = (await flight.hash.catch(() => undefined)) === hash;
      if (isTwin && this.#flights.has(flight)) return flight;
      others.add(flight);
    }
    return undefined;
  }

  async #known(
    file: Outgoing,
    account: string | undefined,
    hashOnce: () => Promise<string>,
  ): Promise<string | undefined> {
    if (account === undefined || !(await this.#cache.mayHave(account, file))) return undefined;
    return await this.#cache.find(account, { ...file, hash: await hashOnce() });
  }

  #start(file: Outgoing, modified: number, account: string | undefined): Flight {
    const waiters = new Set<Waiter>();
    const abort = new AbortController();
    const sent = { bytes: 0 };
    const uploadedAt = this.#parts.clock.now();
    const flight: Flight = {
      file,
      modified,
      account,
      waiters,
      abort,
      sent,
      reference: this.#send(file, modified, abort.signal, bytes => {
        sent.bytes = bytes;
        for (const waiter of waiters) waiter.onProgress(bytes);
      }).then(
        async filePath => {
          flight.filePath = filePath;
          // Open, the file may be removed: what was cut for one job is, at once.
          const handle = await open(file.path).catch(() => undefined);
          void this.#remember(flight, filePath, uploadedAt, handle)
            .catch((error: unknown) => this.#parts.log.warn(`An upload is not remembered: ${String(error)}`))
            .finally(() => this.#flights.delete(flight));
          return filePath;
        },
        (error: unknown) => {
          this.#flights.delete(flight);
          throw error;
        },
      ),
    };
    flight.reference.catch(() => undefined); // waiters that left do not hear of it
    this.#flights.add(flight);
    return flight;
  }

  async #send(
    file: Outgoing,
    modified: number,
    signal: AbortSignal,
    onProgress: (bytes: number) => void,
  ): Promise<string> {
    const filePath = await this.#parts.send(file, { signal, onProgress });
    if ((await checkUnchanged(file)) !== modified) throw changed(file);
    return filePath;
  }

  async #remember(
    flight: Flight,
    filePath: string,
    uploadedAt: number,
    handle: FileHandle | undefined,
  ): Promise<void> {
    const { file, account } = flight;
    if (handle && account !== undefined && !flight.hash) flight.hash = hashOf(flight, handle);
    else await handle?.close();
    const hash = await flight.hash;
    // Not among the flights any more: forgotten, because the server did not know it.
    if (hash !== undefined && account !== undefined && this.#flights.has(flight))
      await this.#cache.add(account, { ...file, hash }, filePath, uploadedAt);
  }

  /** Waits for an upload. Who leaves leaves it to the others; the last to leave ends it. */
  async #join(flight: Flight, waiter: Waiter): Promise<string> {
    flight.waiters.add(waiter);
    waiter.onProgress(flight.sent.bytes);
    const { promise, reject } = Promise.withResolvers<never>();
    const leave = () => reject(waiter.signal.reason);
    waiter.signal.addEventListener('abort', leave, { once: true });
    if (waiter.signal.aborted) leave();
    try {
      return await Promise.race([flight.reference, promise]);
    } finally {
      waiter.signal.removeEventListener('abort', leave);
      flight.waiters.delete(waiter);
      if (flight.waiters.size === 0 && flight.filePath === undefined) {
        // Nobody may join what is being ended.
        this.#flights.delete(flight);
        flight.abort.abort(waiter.signal.reason);
      }
    }
  }
}

/** @returns when it was last changed */
async function checkUnchanged(file: Outgoing): Promise<number> {
  const { size, mtimeMs } = await stat(file.path).catch((error: unknown) => {
    throw readingFailed(error, basename(file.path));
  });
  if (size !== file.bytes) throw changed(file);
  return mtimeMs;
}

const changed = (file: Outgoing): HumanError =>
  new HumanError('asset.changed', { name: basename(file.path) });

type Version = Pick<Flight, 'file' | 'modified'>;

const hashFile = async (version: Version, signal?: AbortSignal): Promise<string> =>
  hashOf(version, await open(version.file.path), signal);

/** SHA-256 of what is open, which is closed then. @throws HumanError when it is not that version of the file any more */
async function hashOf(
  { file, modified }: Version,
  handle: FileHandle,
  signal?: AbortSignal,
): Promise<string> {
  try {
    const hash = createHash('sha256');
    await pipeline(handle.createReadStream({ highWaterMark: 1 << 20, autoClose: false }), hash, { signal });
    if ((await handle.stat()).mtimeMs !== modified) throw changed(file);
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}
