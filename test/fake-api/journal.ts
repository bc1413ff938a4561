import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from './routes.ts';
import type { ViolationKind } from './reply.ts';
import type { Json } from './shape.ts';

/** A request as it arrived, without the key and the signatures of URLs. */
export interface RecordedRequest {
  /** The request's number, counted from 1 across both origins. */
  readonly number: number;
  readonly operation: Operation;
  readonly origin: 'api' | 'storage';
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  /** Names of the query parameters. */
  readonly query: string[];
  /** Lowercase names. `authorization` contains only its scheme. */
  readonly headers: Record<string, string>;
  /** Milliseconds since 1970, by the system clock. */
  readonly time: number;
  /** The JSON body, once it has been read. */
  body?: Json;
  /** The number of bytes of a PUT's body that have been read so far. */
  bytes?: number;
  /** The status of the response, once its headers have been sent and the request has ended. */
  status?: number;
  /** `aborted` if the client disconnected before it got the response, `broken` if a fault ended the request. */
  outcome: 'open' | 'answered' | 'aborted' | 'broken';
  /** The kind of fault that was applied. */
  fault?: string;
  /** The project that the request created or read. */
  project?: string;
}

export interface Violation {
  readonly kind: ViolationKind;
  readonly message: string;
  readonly operation: Operation;
  /** The request's number. */
  readonly request: number;
}

/** The highest numbers of things that existed at the same time. */
export interface Peaks {
  requests: number;
  creates: number;
  puts: number;
  downloads: number;
  /** Projects that aren't in a final state yet. */
  projects: number;
  /** Open connections to both origins. */
  sockets: number;
}

const NO_PEAKS: Peaks = { requests: 0, creates: 0, puts: 0, downloads: 0, projects: 0, sockets: 0 };

/** Everything that the fake API has recorded. */
export class Journal {
  readonly requests: RecordedRequest[] = [];
  readonly violations: Violation[] = [];
  readonly peaks: Peaks = { ...NO_PEAKS };
  readonly #now: Peaks = { ...NO_PEAKS };
  readonly #watchers = new Set<() => void>();

  open(
    request: Pick<RecordedRequest, 'operation' | 'origin' | 'method'>,
    url: URL,
    headers: IncomingHttpHeaders,
  ): RecordedRequest {
    const record: RecordedRequest = {
      ...request,
      number: this.requests.length + 1,
      path: url.pathname,
      query: [...url.searchParams.keys()],
      headers: withoutSecrets(headers),
      time: Date.now(),
      outcome: 'open',
    };
    this.requests.push(record);
    for (const counter of countersOf(record)) this.count(counter, 1);
    this.changed();
    return record;
  }

  close(record: RecordedRequest, outcome: RecordedRequest['outcome'], status?: number): void {
    if (record.outcome !== 'open') return;
    record.outcome = outcome;
    record.status = status;
    for (const counter of countersOf(record)) this.count(counter, -1);
    this.changed();
  }

  count(counter: keyof Peaks, by: 1 | -1): void {
    this.#now[counter] += by;
    this.peaks[counter] = Math.max(this.peaks[counter], this.#now[counter]);
  }

  /** Updates a peak whose current value is computed instead of counted. */
  seen(counter: keyof Peaks, value: number): void {
    this.peaks[counter] = Math.max(this.peaks[counter], value);
  }

  violation(record: RecordedRequest, kind: ViolationKind, message: string): void {
    this.violations.push({ kind, message, operation: record.operation, request: record.number });
  }

  takeViolations(): Violation[] {
    return this.violations.splice(0);
  }

  /** Resolves when `condition` is true. The condition is checked after every change. */
  async until(condition: () => boolean): Promise<void> {
    if (condition()) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const watcher = (): void => {
      if (!condition()) return;
      this.#watchers.delete(watcher);
      resolve();
    };
    this.#watchers.add(watcher);
    await promise;
  }

  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  reset(): void {
    this.requests.length = 0;
    this.violations.length = 0;
    Object.assign(this.peaks, this.#now);
  }
}

function countersOf(record: RecordedRequest): (keyof Peaks)[] {
  if (record.operation === 'put') return ['requests', 'puts'];
  if (record.operation === 'download') return ['requests', 'downloads'];
  return record.operation.startsWith('create') ? ['requests', 'creates'] : ['requests'];
}

function withoutSecrets(headers: IncomingHttpHeaders): Record<string, string> {
  const safe: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const text = Array.isArray(value) ? value.join(', ') : (value ?? '');
    const secret = /authorization|cookie|token|key/.test(name);
    safe[name] = secret ? (text.includes(' ') ? `${text.split(' ', 1)[0]} …` : '…') : text;
  }
  return safe;
}
