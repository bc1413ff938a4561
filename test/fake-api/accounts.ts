import { randomBytes } from 'node:crypto';

export const DEFAULT_KEY = 'mhk_live_test';

export interface Account {
  readonly id: string;
  email: string | null;
  /** `free`, `creator`, `pro`, `business`, or an unknown tier that the client has to tolerate. */
  tier: string;
  credits: number;
}

/** The accepted keys. Several keys can belong to one account, for example after a key was replaced. */
export class Accounts {
  readonly #byKey = new Map<string, Account>();

  constructor() {
    this.reset();
  }

  get keys(): string[] {
    return [...this.#byKey.keys()];
  }

  find(key: string): Account | undefined {
    return this.#byKey.get(key);
  }

  /** Accepts `key`. It shares the account of the key `sameAs`, or gets its own account. */
  add(key: string, options: Partial<Omit<Account, 'id'>> & { sameAs?: string } = {}): Account {
    const { sameAs, ...fields } = options;
    const account = (sameAs && this.#byKey.get(sameAs)) || newAccount();
    Object.assign(account, fields);
    this.#byKey.set(key, account);
    return account;
  }

  revoke(key: string): void {
    this.#byKey.delete(key);
  }

  reset(): void {
    this.#byKey.clear();
    this.add(DEFAULT_KEY);
  }
}

function newAccount(): Account {
  return { id: newId(), email: 'user@example.com', tier: 'creator', credits: 1240 };
}

/** Creates an ID like a cuid: 25 lowercase letters and digits. */
export function newId(): string {
  const characters = BigInt(`0x${randomBytes(16).toString('hex')}`)
    .toString(36)
    .padStart(24, '0');
  return `c${characters.slice(-24)}`;
}
