import { DEFAULT_KEY } from './accounts.ts';
import type { Account } from './accounts.ts';
import { applyChange } from './behavior.ts';
import type { BehaviorChange } from './behavior.ts';
import { TOOLS } from './catalogue.ts';
import type { ToolId } from './catalogue.ts';
import type { Control, ProjectSummary, ResultSummary, UploadSummary } from './controlApi.ts';
import type { ArmedFault, Fault, Release } from './faults.ts';
import type { Peaks, RecordedRequest, Violation } from './journal.ts';
import type { Output, Project, ProjectPlan } from './projects.ts';
import { isNamed } from './routes.ts';
import type { Group, Operation } from './routes.ts';
import type { State } from './state.ts';

/** Controls a fake API in this process. */
export class LocalControl implements Control {
  readonly #state: State;
  readonly #onOffline: () => void;

  /** `onOffline` closes open connections when the network is switched off. */
  constructor(state: State, onOffline: () => void) {
    this.#state = state;
    this.#onOffline = onOffline;
  }

  get violations(): readonly Violation[] {
    return this.#state.journal.violations;
  }

  get requests(): readonly RecordedRequest[] {
    return this.#state.journal.requests;
  }

  get maxConcurrent(): Readonly<Peaks> {
    return this.#state.journal.peaks;
  }

  get keys(): readonly string[] {
    return this.#state.accounts.keys;
  }

  get faults(): readonly ArmedFault[] {
    return this.#state.faults.armed;
  }

  takeViolations(): readonly Violation[] {
    return this.#state.journal.takeViolations();
  }

  creates(tool?: ToolId): readonly RecordedRequest[] {
    const operation = TOOLS.find(({ id }) => id === tool)?.operation ?? 'create';
    return this.#named(operation);
  }

  projects(tool?: ToolId): readonly ProjectSummary[] {
    const { projects } = this.#state;
    return projects
      .all()
      .filter(project => tool === undefined || project.tool.id === tool)
      .map(project => ({
        id: project.id,
        tool: project.tool.id,
        status: projects.statusOf(project),
        charged: project.charged,
        deleted: project.deleted,
        body: project.body,
      }));
  }

  uploads(): readonly UploadSummary[] {
    return this.#state.uploads.stored().map(({ filePath, type, extension, length, sha256, contentType }) => ({
      filePath,
      type,
      extension,
      length,
      sha256,
      contentType,
    }));
  }

  uploadedBytes(filePath: string): Uint8Array {
    const bytes = this.#state.uploads.find(filePath)?.bytes;
    if (!bytes) throw new Error(`The bytes of ${filePath} are not kept`);
    return bytes;
  }

  results(projectId: string): readonly ResultSummary[] {
    return this.#outputs(projectId).map(({ bytes, sha256, contentType }) => ({
      length: bytes.length,
      sha256,
      contentType,
    }));
  }

  resultBytes(projectId: string, index = 0): Uint8Array {
    const output = this.#outputs(projectId)[index];
    if (!output) throw new Error(`Project ${projectId} has no result ${index}`);
    return output.bytes;
  }

  fault(fault: Fault): void {
    this.#state.faults.arm(fault);
  }

  clearFaults(): void {
    this.#state.faults.disarm();
  }

  async held(operation: Operation | Group): Promise<RecordedRequest> {
    return await this.#state.faults.held(operation);
  }

  release(operation: Operation | Group = 'any', how: Release = 'continue'): number {
    return this.#state.faults.release(operation, how);
  }

  async waitFor(operation: Operation | Group, count = 1): Promise<readonly RecordedRequest[]> {
    const ended = (): RecordedRequest[] => this.#named(operation).filter(({ outcome }) => outcome !== 'open');
    await this.#state.journal.until(() => ended().length >= count);
    return ended().slice(0, count);
  }

  advance(projectId: string, status: string): void {
    this.#state.projects.move(this.#project(projectId), status);
  }

  complete(projectId: string): void {
    this.advance(projectId, 'complete');
  }

  fail(projectId: string, code: string, message: string): void {
    this.#state.projects.move(this.#project(projectId), 'error', { code, message });
  }

  cancel(projectId: string): void {
    this.advance(projectId, 'canceled');
  }

  remove(projectId: string): void {
    this.#state.projects.delete(this.#project(projectId));
  }

  plan(plan: ProjectPlan): void {
    this.#state.projects.plan(plan);
  }

  configure(change: BehaviorChange): void {
    applyChange(this.#state.behavior, change);
    if (change.offline) this.#onOffline();
  }

  now(): number {
    return this.#state.clock.now();
  }

  forward(ms: number): void {
    this.#state.clock.forward(ms);
  }

  expireUploadUrls(): void {
    this.#state.signatures.revoke('/api-assets/');
  }

  account(key: string = DEFAULT_KEY): Account {
    this.#state.projects.unfinished(); // settles the credits of projects that have ended
    return { ...this.#account(key) };
  }

  setAccount(change: Partial<Omit<Account, 'id'>>, key: string = DEFAULT_KEY): void {
    Object.assign(this.#account(key), change);
  }

  addKey(key: string, options: Partial<Omit<Account, 'id'>> & { sameAs?: string } = {}): void {
    this.#state.accounts.add(key, options);
  }

  revokeKey(key: string): void {
    this.#state.accounts.revoke(key);
  }

  reset(): void {
    this.#state.reset();
  }

  #named(operation: Operation | Group): RecordedRequest[] {
    return this.#state.journal.requests.filter(record => isNamed(record.operation, operation));
  }

  #account(key: string): Account {
    const account = this.#state.accounts.find(key);
    if (!account) throw new Error('No account has that key');
    return account;
  }

  #project(id: string): Project {
    const project = this.#state.projects.find(id);
    if (!project) throw new Error(`There is no project ${id}`);
    return project;
  }

  #outputs(id: string): Output[] {
    return this.#state.projects.outputsOf(this.#project(id));
  }
}
