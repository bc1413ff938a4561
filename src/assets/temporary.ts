import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../jobs/ports.ts';
import { HumanError } from '../shared/message.ts';

/** Longer than any upload takes, so older folders were left by windows that crashed. */
const leftoverAge = 24 * 3600_000;
const prefix = 'job-';

export interface TemporaryFolder {
  /** Creates the folder on the first call. */
  readonly path: () => Promise<string>;
  readonly remove: () => Promise<void>;
}

/** Creates folders for cuts and copies, one per running job. Also removes those left by crashed windows. */
export function createTemporaryFolders(root: string, log: Log): { make(): TemporaryFolder } {
  let cleanedUp: Promise<void> | undefined;

  async function removeLeftovers(): Promise<void> {
    for (const name of await readdir(root)) {
      const path = join(root, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (name.startsWith(prefix) && mtimeMs < Date.now() - leftoverAge) await remove(path);
    }
  }

  async function remove(path: string): Promise<void> {
    // On Windows, this fails while a virus scanner has a file open. A later cleanup removes what remains.
    await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch((error: unknown) =>
      log.warn(`Couldn't remove a temporary folder: ${String(error)}`),
    );
  }

  return {
    make() {
      let folder: Promise<string> | undefined;
      return {
        path() {
          folder ??= mkdir(root, { recursive: true })
            .then(() => mkdtemp(join(root, prefix)))
            .catch((cause: unknown) => {
              throw new HumanError('asset.noRoom', undefined, { cause });
            });
          cleanedUp ??= folder
            .then(removeLeftovers)
            .catch((error: unknown) => log.warn(`Couldn't remove old temporary folders: ${String(error)}`));
          return folder;
        },
        async remove() {
          const path = await folder?.catch(() => undefined);
          if (path) await remove(path);
        },
      };
    },
  };
}
