import type { IncomingHttpHeaders } from 'node:http';
import type { Operation } from './routes.ts';
import type { ViolationKind } from './reply.ts';
import type { Json } from './shape.ts';

/** One request as it arrived. Holds no secret: the key and the signatures of URLs are left out. */
export interface RecordedRequest {
  /** Running number over both origins, from 1. */
  readonly number: number;
  readonly operation: Operation;
  readonly origin: 'api' | 'storage';
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** Names of the query's parameters. */
  readonly query: string[];
  /** Names in lower case; the value of `authorization` is only its scheme. */
  readonly headers: Record<string, string>;
  /** Milliseconds since 1970, by the machine's clock. */
  readonly time: number;
  /** The JSON body, once it was read. */
  body?: Json;
  /** Bytes of a PUT's body that were read. */
  bytes?: number;
  /** Status of the answer, once its headers were sent and the exchange is over. */
  status?: number;
  /** `aborted` means that the client went away before it had its answer; `broken` that a fault ended it. */
  outcome: 'open' | 'answered' | 'aborted' | 'broken';
  /** Kind of the fault that struck. */
  fault?: string;
  /** The project that the request made or asked for. */
  project?: string;
}

export interface Violation {
  readonly kind: ViolationKind;
  readonly message: string;
  readonly operation: Operation;
  /** Number of the request. */
  readonly request: number;
}

/** The largest numbers seen at one time. */
export interface Peaks {
  requests: number;
  creates: number;
  puts: number;
  downloads: number;
  /** Projects made and not yet in a final state. */
  projects: number;
  /** Open connections over both origins. */
  sockets: number;
}

const NO_PEAKS: Peaks = { requests: 0, creates: 0, puts: 0, downloads: 0, projects: 0, sockets: 0 };

/** Everything the fake API has seen. */
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

  /** For a quantity that is computed and not counted. */
  seen(counter: keyof Peaks, value: number): void {
    this.peaks[counter] = Math.max(this.peaks[counter], value);
  }

  violation(record: RecordedRequest, kind: ViolationKind, message: string): void {
    this.violations.push({ kind, message, operation: record.operation, request: record.number });
  }

  takeViolations(): Violation[] {
    return this.violations.splice(0);
  }

  /** Resolves when `condition` is true; it is asked again after every change. */
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
