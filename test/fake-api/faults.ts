import type { RecordedRequest } from './journal.ts';
import { isNamed } from './routes.ts';
import type { Group, Operation } from './routes.ts';
import type { Json } from './shape.ts';

/**
 * What goes wrong. Where `when` is given, `before` means that the request was never processed (no job was made, no file
 * stored) and `after` that it was, and only the answer is lost or replaced.
 */
export type Action =
  /** An answer of one's own: `json`, `html` or nothing at all (`empty`); without any, the usual error of that status. `early` answers without reading the request's body. */
  | {
      kind: 'status';
      status: number;
      json?: Json;
      html?: string;
      empty?: boolean;
      headers?: Record<string, string>;
      when?: 'before' | 'after';
      early?: boolean;
    }
  /** Breaks the connection: `before` (after `atByte` bytes of the request's body), `after`, or within the reply's body (after `atByte` bytes of it, half by default). */
  | { kind: 'reset'; when?: 'before' | 'after' | 'reply'; atByte?: number }
  /** Does not answer until released. `atByte` holds once so many bytes of the request's body were read. */
  | { kind: 'hold'; when?: 'before' | 'after'; atByte?: number }
  /** Sends the headers and the first `atByte` bytes (half by default), then nothing until released. */
  | { kind: 'stall'; atByte?: number }
  /** Promises the whole length, sends `atByte` bytes (half by default) and closes. */
  | { kind: 'truncate'; atByte?: number }
  /** A 200 whose JSON breaks off; or `text`. */
  | { kind: 'malformed'; text?: string }
  /** An answer that goes on until the client hangs up (or for `bytes`). */
  | { kind: 'oversize'; bytes?: number }
  | { kind: 'redirect'; to: string; status?: number }
  /** The reply's body (for a PUT: the reading of the request's) trickles. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** The signed URL has just expired; the next GET of the project, or upload-urls request, gives a fresh one. */
  | { kind: 'expire' }
  /** The project was deleted by somebody else. */
  | { kind: 'gone' }
  /** Edits the reply's JSON. Names are paths such as `downloads.0.url`. */
  | { kind: 'edit'; set?: Record<string, Json>; drop?: string[] };

export interface Fault {
  operation: Operation | Group;
  /** Strikes at the nth such request from now, counted from 1; the first by default. */
  nth?: number;
  /** How many requests it strikes, once begun; 1 by default. */
  times?: number | 'always';
  /** Only requests for this project. */
  project?: string;
  /** Only requests whose path ends so: `.wav` for the uploads of such files. */
  ending?: string;
  action: Action;
}

/** A fault, and how often it has struck. */
export interface ArmedFault extends Fault {
  readonly struck: number;
}

/** How a held request goes on: as if nothing had been, or with a broken connection. */
export type Release = 'continue' | 'reset';

interface Held {
  readonly record: RecordedRequest;
  readonly resume: (how: Release) => void;
}

type Counted = Fault & { seen: number; struck: number };

/** The faults a test has armed, and the requests that are being held. */
export class Faults {
  readonly #armed: Counted[] = [];
  readonly #held = new Set<Held>();
  readonly #waiting = new Set<{ name: Operation | Group; resolve: (record: RecordedRequest) => void }>();

  get armed(): ArmedFault[] {
    return this.#armed.map(({ seen: _seen, ...fault }) => fault);
  }

  arm(fault: Fault): void {
    this.#armed.push({ ...fault, seen: 0, struck: 0 });
  }

  disarm(): void {
    this.#armed.length = 0;
  }

  /** The fault that strikes this request. Armed first, struck first; a later one does not count this request. */
  strike(operation: Operation, project: string | undefined, path = ''): Action | undefined {
    for (const fault of this.#armed) {
      if (!isNamed(operation, fault.operation)) continue;
      if (fault.project !== undefined && fault.project !== project) continue;
      if (fault.ending !== undefined && !path.endsWith(fault.ending)) continue;
      const times = fault.times ?? 1;
      if (times !== 'always' && fault.struck >= times) continue;
      fault.seen++;
      if (fault.seen < (fault.nth ?? 1)) continue;
      fault.struck++;
      return fault.action;
    }
    return undefined;
  }

  /** Holds a request until it is released; `gone` fires when the client goes away, which ends the hold too. */
  async hold(record: RecordedRequest, gone: AbortSignal): Promise<Release | 'gone'> {
    if (gone.aborted) return 'gone';
    const { promise, resolve } = Promise.withResolvers<Release | 'gone'>();
    const held: Held = { record, resume: resolve };
    gone.addEventListener('abort', () => resolve('gone'), { once: true });
    this.#held.add(held);
    for (const waiter of this.#waiting) {
      if (!isNamed(record.operation, waiter.name)) continue;
      this.#waiting.delete(waiter);
      waiter.resolve(record);
    }
    try {
      return await promise;
    } finally {
      this.#held.delete(held);
    }
  }

  /** Resolves when such a request is being held, at once if one is. */
  async held(name: Operation | Group): Promise<RecordedRequest> {
    const present = this.#matching(name)[0];
    if (present) return present.record;
    const { promise, resolve } = Promise.withResolvers<RecordedRequest>();
    this.#waiting.add({ name, resolve });
    return await promise;
  }

  /** Lets held requests go; returns how many. */
  release(name: Operation | Group, how: Release): number {
    const matching = this.#matching(name);
    for (const held of matching) held.resume(how);
    return matching.length;
  }

  reset(): void {
    this.disarm();
    this.release('any', 'reset');
  }

  #matching(name: Operation | Group): Held[] {
    return [...this.#held].filter(held => isNamed(held.record.operation, name));
  }
}
