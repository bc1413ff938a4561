import { request } from 'node:http';
import type { Account } from './accounts.ts';
import type { BehaviorChange } from './behavior.ts';
import type { ToolId } from './catalogue.ts';
import type { Control, ProjectSummary, Remote, ResultSummary, UploadSummary } from './controlApi.ts';
import type { ArmedFault, Fault, Release } from './faults.ts';
import type { Peaks, RecordedRequest, Violation } from './journal.ts';
import type { ProjectPlan } from './projects.ts';
import type { Group, Operation } from './routes.ts';
import { isObject } from './shape.ts';

/** Controls a fake API in another process through the control URL that the process printed. See {@link Control}. */
export class FakeApiControl implements Remote<Control> {
  readonly #url: string;

  constructor(controlUrl: string) {
    this.#url = controlUrl;
  }

  get violations(): Promise<readonly Violation[]> {
    return this.#call('violations');
  }

  get requests(): Promise<readonly RecordedRequest[]> {
    return this.#call('requests');
  }

  get maxConcurrent(): Promise<Readonly<Peaks>> {
    return this.#call('maxConcurrent');
  }

  get keys(): Promise<readonly string[]> {
    return this.#call('keys');
  }

  get faults(): Promise<readonly ArmedFault[]> {
    return this.#call('faults');
  }

  takeViolations(): Promise<readonly Violation[]> {
    return this.#call('takeViolations');
  }

  creates(tool?: ToolId): Promise<readonly RecordedRequest[]> {
    return this.#call('creates', tool);
  }

  projects(tool?: ToolId): Promise<readonly ProjectSummary[]> {
    return this.#call('projects', tool);
  }

  uploads(): Promise<readonly UploadSummary[]> {
    return this.#call('uploads');
  }

  async uploadedBytes(filePath: string): Promise<Uint8Array> {
    return decode(await this.#call<Encoded>('uploadedBytes', filePath));
  }

  results(projectId: string): Promise<readonly ResultSummary[]> {
    return this.#call('results', projectId);
  }

  async resultBytes(projectId: string, index = 0): Promise<Uint8Array> {
    return decode(await this.#call<Encoded>('resultBytes', projectId, index));
  }

  fault(fault: Fault): Promise<void> {
    return this.#call('fault', fault);
  }

  clearFaults(): Promise<void> {
    return this.#call('clearFaults');
  }

  held(operation: Operation | Group): Promise<RecordedRequest> {
    return this.#call('held', operation);
  }

  release(operation: Operation | Group = 'any', how: Release = 'continue'): Promise<number> {
    return this.#call('release', operation, how);
  }

  waitFor(operation: Operation | Group, count = 1): Promise<readonly RecordedRequest[]> {
    return this.#call('waitFor', operation, count);
  }

  advance(projectId: string, status: string): Promise<void> {
    return this.#call('advance', projectId, status);
  }

  complete(projectId: string): Promise<void> {
    return this.#call('complete', projectId);
  }

  fail(projectId: string, code: string, message: string): Promise<void> {
    return this.#call('fail', projectId, code, message);
  }

  cancel(projectId: string): Promise<void> {
    return this.#call('cancel', projectId);
  }

  remove(projectId: string): Promise<void> {
    return this.#call('remove', projectId);
  }

  plan(plan: ProjectPlan): Promise<void> {
    return this.#call('plan', plan);
  }

  configure(change: BehaviorChange): Promise<void> {
    return this.#call('configure', change);
  }

  now(): Promise<number> {
    return this.#call('now');
  }

  forward(ms: number): Promise<void> {
    return this.#call('forward', ms);
  }

  expireUploadUrls(): Promise<void> {
    return this.#call('expireUploadUrls');
  }

  account(key?: string): Promise<Account> {
    return this.#call('account', key);
  }

  setAccount(change: Partial<Omit<Account, 'id'>>, key?: string): Promise<void> {
    return this.#call('setAccount', change, key);
  }

  addKey(key: string, options?: Partial<Omit<Account, 'id'>> & { sameAs?: string }): Promise<void> {
    return this.#call('addKey', key, options);
  }

  revokeKey(key: string): Promise<void> {
    return this.#call('revokeKey', key);
  }

  reset(): Promise<void> {
    return this.#call('reset');
  }

  async #call<Value>(member: keyof Control, ...args: unknown[]): Promise<Value> {
    // JSON has no `undefined`, and `null` isn't the same as omitting an argument.
    while (args.length > 0 && args.at(-1) === undefined) args.pop();
    const answer: unknown = JSON.parse(await post(this.#url, JSON.stringify({ member, args })));
    if (!isObject(answer) || 'error' in answer) {
      throw new Error(`fake API, ${member}: ${isObject(answer) ? String(answer.error) : 'no response'}`);
    }
    return answer.value as Value;
  }
}

interface Encoded {
  readonly base64: string;
}

function decode({ base64 }: Encoded): Uint8Array {
  return Buffer.from(base64, 'base64');
}

/** Uses node:http instead of fetch: a call can take minutes, and extension hosts replace fetch. */
async function post(url: string, body: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const outgoing = request(url, { method: 'POST', headers, agent: false }, response => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
    response.on('error', reject);
  });
  outgoing.on('error', reject);
  outgoing.end(body);
  return await promise;
}
