import { createHmac, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { UploadItem } from '../api/types.ts';
import { nodeDisk } from '../jobs/nodeDisk.ts';

/** Files live 7 days on the server (API notes, section 4); one that is used must live until its job has read it. */
const lifetime = 6 * 24 * 3600_000;

/** What tells files apart: the same bytes under another extension are another file to the API. */
export interface Fingerprint extends UploadItem {
  readonly bytes: number;
  /** SHA-256 in hex. */
  readonly hash: string;
}

const entrySchema = v.object({ filePath: v.string(), uploadedAt: v.number() });

/**
 * What was uploaded, on disk and shared by all windows: one small file per upload, named by its fingerprint, so that
 * windows never overwrite each other and "is there anything of this size?" is one look into a folder.
 */
export class UploadCache {
  readonly #folder: string;
  readonly #now: () => number;
  #salt: Promise<string> | undefined;

  constructor(folder: string, now: () => number) {
    this.#folder = folder;
    this.#now = now;
  }

  /** Uploads belong to an account. Its key is never written, only a hash that is salted anew on each machine. */
  async account(key: string): Promise<string> {
    this.#salt ??= this.#readSalt();
    // What hindered this time may be gone the next.
    this.#salt.catch(() => (this.#salt = undefined));
    return createHmac('sha256', await this.#salt)
      .update(key)
      .digest('hex')
      .slice(0, 32);
  }

  async mayHave(account: string, item: Omit<Fingerprint, 'hash'>): Promise<boolean> {
    const names = await readdir(join(this.#folder, account)).catch(() => []);
    return names.some(name => name.startsWith(`${item.bytes}-`) && name.endsWith(suffix(item)));
  }

  async find(account: string, print: Fingerprint): Promise<string | undefined> {
    const path = this.#path(account, print);
    const entry = await readEntry(path);
    if (!entry) return undefined;
    const age = this.#now() - entry.uploadedAt;
    if (age >= 0 && age < lifetime) return entry.filePath;
    await rm(path, { force: true });
    return undefined;
  }

  async add(account: string, print: Fingerprint, filePath: string, uploadedAt: number): Promise<void> {
    const path = this.#path(account, print);
    await mkdir(join(this.#folder, account), { recursive: true });
    const entry: v.InferOutput<typeof entrySchema> = { filePath, uploadedAt };
    await nodeDisk.replace(path, JSON.stringify(entry));
  }

  async forget(references: ReadonlySet<string>): Promise<void> {
    for (const path of await this.#all()) {
      const entry = await readEntry(path);
      if (!entry || references.has(entry.filePath)) await rm(path, { force: true });
    }
  }

  /** Removes what is past its time, half-written files of crashed windows among it. */
  async prune(): Promise<void> {
    for (const path of await this.#all()) {
      const written = await stat(path).catch(() => undefined);
      if (written && written.mtimeMs < this.#now() - lifetime) await rm(path, { force: true });
    }
  }

  #path(account: string, print: Fingerprint): string {
    return join(this.#folder, account, `${print.bytes}-${print.hash}${suffix(print)}`);
  }

  async #all(): Promise<string[]> {
    const accounts = await readdir(this.#folder, { withFileTypes: true }).catch(() => []);
    const paths = await Promise.all(
      accounts
        .filter(entry => entry.isDirectory())
        .map(async ({ name }) =>
          (await readdir(join(this.#folder, name))).map(file => join(this.#folder, name, file)),
        ),
    );
    return paths.flat();
  }

  async #readSalt(): Promise<string> {
    const path = join(this.#folder, 'salt');
    await mkdir(this.#folder, { recursive: true });
    // Two windows may come here at once: the first to write wins, both read the same. It appears whole, so that nobody
    // reads a salt that is half there.
    await nodeDisk.create(path, randomBytes(32).toString('hex'), false);
    return await readFile(path, 'utf8');
  }
}

const suffix = ({ type, extension }: UploadItem): string => `.${type}.${extension}`;

async function readEntry(path: string): Promise<v.InferOutput<typeof entrySchema> | undefined> {
  try {
    return v.parse(entrySchema, JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined; // not there, or half-written: then it is uploaded again
  }
}
