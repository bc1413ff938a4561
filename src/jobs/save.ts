import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Disk } from './disk.ts';
import { candidateNames } from './names.ts';
import type { RemoteFiles } from './ports.ts';

interface ResultName {
  readonly stem: string;
  readonly extension: string;
}
type Announce = (uri: string) => Promise<void>;

/** Where results go: a folder of this disk, or one that only the editor can write to. */
export abstract class Shelf {
  /** Where unfinished downloads lie, on this disk. */
  readonly parts: string;
  protected readonly disk: Disk;

  constructor(parts: string, disk: Disk) {
    this.parts = parts;
    this.disk = disk;
  }

  async prepare(): Promise<void> {
    await this.disk.makeFolder(this.parts);
  }

  /** Chooses a free name, has it written down by `announce`, then gives it to the part. Returns the result's URI. */
  async place(part: string, { stem, extension }: ResultName, announce: Announce): Promise<string> {
    await this.disk.flush(part);
    for (const name of candidateNames(stem, extension, await this.taken())) {
      const uri = this.uriOf(name);
      if (await this.give(part, uri, announce)) return uri;
    }
    throw new Error('There is always a next name');
  }

  /** Names that need not be tried. */
  protected abstract taken(): Promise<readonly string[]>;
  protected abstract uriOf(name: string): string;
  /** false: the name is taken. */
  protected abstract give(part: string, uri: string, announce: Announce): Promise<boolean>;
}

export const isLocal = (uri: string): boolean => uri.startsWith('file:');

export function shelfFor(folder: string, parts: string, disk: Disk, remoteFiles: RemoteFiles): Shelf {
  return isLocal(folder)
    ? new LocalShelf(fileURLToPath(folder), disk)
    : new RemoteShelf(folder, parts, disk, remoteFiles);
}

/**
 * The part lies beside its final place, so that giving it its name is one step that cannot fail half-way, cannot
 * overwrite, and leaves a trace to tell afterwards whether it was done.
 */
class LocalShelf extends Shelf {
  protected taken(): Promise<readonly string[]> {
    return this.disk.list(this.parts);
  }

  protected uriOf(name: string): string {
    return pathToFileURL(join(this.parts, name)).href;
  }

  protected async give(part: string, uri: string, announce: Announce): Promise<boolean> {
    await announce(uri);
    return this.disk.place(part, fileURLToPath(uri));
  }
}

class RemoteShelf extends Shelf {
  readonly #folder: string;
  readonly #remote: RemoteFiles;

  constructor(folder: string, parts: string, disk: Disk, remote: RemoteFiles) {
    super(parts, disk);
    this.#folder = folder;
    this.#remote = remote;
  }

  protected async taken(): Promise<readonly string[]> {
    return [];
  }

  protected uriOf(name: string): string {
    return inFolder(this.#folder, name);
  }

  protected async give(part: string, uri: string, announce: Announce): Promise<boolean> {
    if (await this.#remote.stat(uri)) return false;
    await announce(uri);
    return this.#remote.copyFromDisk(part, uri);
  }
}

/** The URI of a file in a folder; query and fragment, which some file systems use, stay. */
function inFolder(folder: string, name: string): string {
  const [, path = '', rest = ''] = /^([^?#]*)(.*)$/s.exec(folder) ?? [];
  return `${path.replace(/\/+$/, '')}/${encodeURIComponent(name)}${rest}`;
}
