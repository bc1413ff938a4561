import type { RecordedRequest } from './journal.ts';
import { isNamed } from './routes.ts';
import type { Group, Operation } from './routes.ts';
import type { Json } from './shape.ts';

/**
 * The effect of a fault. If `when` is `before`, the request isn't processed (nothing is created or stored). If it is
 * `after`, the request is processed, and only the response is lost or replaced.
 */
export type Action =
  /**
   * Sends a custom response: `json`, `html`, or no body (`empty`). By default, sends the usual error for that status.
   * `early` responds without reading the request body.
   */
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
  /**
   * Resets the connection: `before` (after `atByte` bytes of the request body), `after`, or during the response body
   * (`reply`, after `atByte` bytes, or half of the body by default).
   */
  | { kind: 'reset'; when?: 'before' | 'after' | 'reply'; atByte?: number }
  /**
   * Doesn't respond until released. With `atByte`, the request is held once that many bytes of its body have been read.
   */
  | { kind: 'hold'; when?: 'before' | 'after'; atByte?: number }
  /** Sends the headers and the first `atByte` bytes (half by default), then nothing until released. */
  | { kind: 'stall'; atByte?: number }
  /** Announces the full length, sends `atByte` bytes (half by default), and closes the connection. */
  | { kind: 'truncate'; atByte?: number }
  /** Sends a 200 with truncated JSON, or with `text`. */
  | { kind: 'malformed'; text?: string }
  /** Sends a response that continues until the client disconnects (or for `bytes` bytes). */
  | { kind: 'oversize'; bytes?: number }
  | { kind: 'redirect'; to: string; status?: number }
  /** Sends the response body slowly, or reads the request body slowly if the request is a PUT. */
  | { kind: 'slow'; bytesPerSecond: number }
  /** Makes the signed URL expire. The next GET of the project, or the next upload-urls request, returns a new one. */
  | { kind: 'expire' }
  /** Deletes the project, as if someone had deleted it elsewhere. */
  | { kind: 'gone' }
  /** Edits the JSON of the response. Names are paths such as `downloads.0.url`. */
  | { kind: 'edit'; set?: Record<string, Json>; drop?: string[] };

export interface Fault {
  operation: Operation | Group;
  /** The number of the first affected request, counted from now. The default is 1. */
  nth?: number;
  /** How many requests the fault applies to. The default is 1. */
  times?: number | 'always';
  /** Only requests for this project. */
  project?: string;
  /** Only requests whose path ends with this text, such as `.wav` for uploads of WAV files. */
  ending?: string;
  action: Action;
}

/** A fault, and the number of times it was applied. */
export interface ArmedFault extends Fault {
  readonly struck: number;
}

/** How a held request continues: normally, or with a reset connection. */
export type Release = 'continue' | 'reset';

interface Held {
  readonly record: RecordedRequest;
  readonly resume: (how: Release) => void;
}

type Counted = Fault & { seen: number; struck: number };

/** The armed faults and the held requests. */
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

  /**
   * Returns the fault for this request. If there are several, the one that was armed first applies, and the others
   * don't count this request.
   */
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

  /** Holds a request until it is released or until `gone` aborts because the client disconnected. */
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

  /** Resolves when such a request is held, or immediately if one already is. */
  async held(name: Operation | Group): Promise<RecordedRequest> {
    const present = this.#matching(name)[0];
    if (present) return present.record;
    const { promise, resolve } = Promise.withResolvers<RecordedRequest>();
    this.#waiting.add({ name, resolve });
    return await promise;
  }

  /** Releases held requests and returns how many. */
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
