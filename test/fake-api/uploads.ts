import type { Account } from './accounts.ts';
import { newId } from './accounts.ts';
import type { AssetType } from './formats.ts';

/** A reserved upload, and its file once it has been PUT. */
export interface Upload {
  readonly filePath: string;
  readonly type: AssetType;
  readonly extension: string;
  readonly account: Account;
  /** The number of times that a complete body has arrived. */
  puts: number;
  /** Milliseconds since 1970 by the fake API's clock. Undefined until the file is stored. */
  storedAt: number | undefined;
  length: number;
  sha256: string;
  contentType: string | undefined;
  /** The bytes of files up to {@link KEPT_BYTES}. */
  bytes: Buffer | undefined;
}

/** For larger uploads, only the hash is kept. */
export const KEPT_BYTES = 64 * 1024 * 1024;

export class Uploads {
  readonly #byPath = new Map<string, Upload>();

  reserve(account: Account, type: AssetType, extension: string): Upload {
    const upload: Upload = {
      filePath: `api-assets/${account.id}/${newId()}.${extension}`,
      type,
      extension,
      account,
      puts: 0,
      storedAt: undefined,
      length: 0,
      sha256: '',
      contentType: undefined,
      bytes: undefined,
    };
    this.#byPath.set(upload.filePath, upload);
    return upload;
  }

  find(filePath: string): Upload | undefined {
    return this.#byPath.get(filePath);
  }

  /** The stored files, oldest first. */
  stored(): Upload[] {
    return [...this.#byPath.values()].filter(upload => upload.storedAt !== undefined);
  }

  reset(): void {
    this.#byPath.clear();
  }
}
