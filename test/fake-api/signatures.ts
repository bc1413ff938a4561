import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';

/** A pre-signed URL. It works without a key until it expires. */
export interface SignedUrl {
  readonly url: string;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly expiresAt: number;
  revoked: boolean;
}

/** Issues and checks the signatures of the storage origin. */
export class Signatures {
  /** The URL of the storage origin, set once the origin listens. */
  origin = '';
  readonly #byToken = new Map<string, SignedUrl>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  sign(path: string, lifetimeMs: number): SignedUrl {
    const token = randomBytes(12).toString('base64url');
    const signed: SignedUrl = {
      url: `${this.origin}${path}?auth-value=${token}`,
      path,
      expiresAt: this.#clock.now() + lifetimeMs,
      revoked: false,
    };
    this.#byToken.set(token, signed);
    return signed;
  }

  isGood(signed: SignedUrl): boolean {
    return !signed.revoked && signed.expiresAt > this.#clock.now();
  }

  /** Returns `unsigned` if the URL was never issued for this path, and `expired` if it is no longer valid. */
  check(url: URL): 'good' | 'expired' | 'unsigned' {
    const signed = this.#byToken.get(url.searchParams.get('auth-value') ?? '');
    if (signed?.path !== url.pathname) return 'unsigned';
    return this.isGood(signed) ? 'good' : 'expired';
  }

  /** Makes all URLs expire whose path starts with `pathPrefix`. */
  revoke(pathPrefix: string): void {
    for (const signed of this.#byToken.values()) {
      if (signed.path.startsWith(pathPrefix)) signed.revoked = true;
    }
  }
}
