import { createHash } from 'node:crypto';
import { newId } from './accounts.ts';
import type { Account } from './accounts.ts';
import type { Behavior } from './behavior.ts';
import type { CreateBody, Price, Tool, ToolId } from './catalogue.ts';
import type { Clock } from './clock.ts';
import {
  animationGif,
  animationWebm,
  photoPng,
  portraitPng,
  speechWav,
  talkingMp4,
  VIDEO_SIZE,
} from './media.ts';
import type { Json } from './shape.ts';
import type { SignedUrl, Signatures } from './signatures.ts';

/** How a future project behaves. */
export interface ProjectPlan {
  /** If omitted, the plan applies to any tool. */
  tool?: ToolId;
  /** The number of projects that follow the plan. The default is 1. */
  times?: number;
  renderMs?: number;
  /** The final status of the project. The default is `complete`. */
  status?: string;
  error?: { code: string; message: string };
  /** The number of results. The default is the requested number. */
  results?: number;
  /** The last segment of the result's URL path. The default is `output.png` or `output.mp4`. */
  outputName?: string;
}

export interface Output {
  readonly path: string;
  readonly contentType: string;
  readonly bytes: Buffer;
  readonly sha256: string;
  signed: SignedUrl | undefined;
}

export interface Project {
  readonly id: string;
  readonly tool: Tool;
  readonly account: Account;
  readonly body: CreateBody & Record<string, unknown>;
  readonly plan: ProjectPlan;
  readonly price: Price;
  readonly createdAt: number;
  /** Makes the results of different inputs differ. */
  readonly seed: string;
  /** Set by a test, or when the project has ended. Until then, the status depends on the clock. */
  status: string | undefined;
  error: { code: string; message: string } | null;
  /** Credits charged so far. */
  charged: number;
  deleted: boolean;
  outputs: Output[] | undefined;
}

interface OutputFormat {
  readonly contentType: string;
  readonly make: (projectId: string, seed: string, padding: number) => Buffer;
}

const formats: Readonly<Record<string, OutputFormat> & { png: OutputFormat }> = {
  png: { contentType: 'image/png', make: portraitPng },
  mp4: { contentType: 'video/mp4', make: talkingMp4 },
  gif: { contentType: 'image/gif', make: animationGif },
  webm: { contentType: 'video/webm', make: animationWebm },
  wav: { contentType: 'audio/wav', make: speechWav },
};

const usualFormats = { image: 'png', video: 'mp4', audio: 'wav' } as const;

/** The fraction of the render time during which a project is `queued`. */
const QUEUED = 0.2;
const FINAL = new Set(['complete', 'error', 'canceled']);

export class Projects {
  readonly #byId = new Map<string, Project>();
  readonly #plans: ProjectPlan[] = [];
  readonly #clock: Clock;
  readonly #behavior: Behavior;
  readonly #signatures: Signatures;

  constructor(clock: Clock, behavior: Behavior, signatures: Signatures) {
    this.#clock = clock;
    this.#behavior = behavior;
    this.#signatures = signatures;
  }

  /** Plans are used in the order in which they were added. */
  plan(plan: ProjectPlan): void {
    for (let left = plan.times ?? 1; left > 0; left--) this.#plans.push(plan);
  }

  create(tool: Tool, account: Account, body: Project['body'], price: Price, seed: string): Project {
    const index = this.#plans.findIndex(plan => plan.tool === undefined || plan.tool === tool.id);
    const [plan = {}] = index < 0 ? [] : this.#plans.splice(index, 1);
    const project: Project = {
      id: newId(),
      tool,
      account,
      body,
      plan,
      price,
      createdAt: this.#clock.now(),
      seed,
      status: undefined,
      error: null,
      charged: 0,
      deleted: false,
      outputs: undefined,
    };
    this.#byId.set(project.id, project);
    this.#charge(project, price.estimate);
    return project;
  }

  find(id: string): Project | undefined {
    return this.#byId.get(id);
  }

  all(): Project[] {
    return [...this.#byId.values()];
  }

  /** Projects that are still rendering. Also settles the credits of those that have ended. */
  unfinished(): Project[] {
    return this.all().filter(project => !FINAL.has(this.statusOf(project)));
  }

  statusOf(project: Project): string {
    if (project.status !== undefined) return project.status;
    if (this.#behavior.clock === 'manual') return 'queued';
    const total = project.plan.renderMs ?? this.#behavior.renderMs[project.tool.id] ?? 0;
    const elapsed = this.#clock.now() - project.createdAt;
    if (elapsed < total * QUEUED) return 'queued';
    if (elapsed < total) return 'rendering';
    const status = project.plan.status ?? 'complete';
    this.move(project, status, project.plan.error);
    return status;
  }

  /** Sets a project's status and settles its credits: the final price if complete, none if it failed. */
  move(project: Project, status: string, error?: { code: string; message: string }): void {
    project.status = status;
    project.error = status === 'error' ? (error ?? UNKNOWN_ERROR) : null;
    const { settled, estimate } = project.price;
    this.#charge(project, status === 'complete' ? settled : FINAL.has(status) ? 0 : estimate);
  }

  delete(project: Project): void {
    project.deleted = true;
    this.#signatures.revoke(`/${project.id}/`);
  }

  /** The results, even if the project isn't complete yet. The files are created only once. */
  outputsOf(project: Project): Output[] {
    project.outputs ??= Array.from({ length: resultCount(project) }, (_, index) => {
      const seed = `${project.seed} ${index}`;
      const extension = project.body.output_format ?? usualFormats[project.tool.kind];
      const { contentType, make } = formats[extension] ?? formats.png;
      const bytes =
        this.#behavior.photos && contentType === 'image/png'
          ? photoPng(project.tool.id, project.id, seed)
          : make(project.id, seed, this.#behavior.videoPadding);
      const name = project.plan.outputName ?? `output${index ? `-${index + 1}` : ''}.${extension}`;
      return {
        path: `/${project.id}/${name}`,
        contentType,
        bytes,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        signed: undefined,
      };
    });
    return project.outputs;
  }

  /** The result at a path of the storage origin. */
  outputAt(path: string): Output | undefined {
    const project = this.#byId.get(path.split('/', 2)[1] ?? '');
    return project && this.outputsOf(project).find(output => output.path === path);
  }

  /** The body of a GET. It includes deprecated fields, because the official clients can't parse it without them. */
  wire(project: Project): { [name: string]: Json } {
    const status = this.statusOf(project);
    const downloads =
      status === 'complete' ? this.outputsOf(project).map(output => this.#download(output)) : [];
    const common = {
      id: project.id,
      name: project.body.name ?? `${project.tool.facts.defaultName} - ${this.#clock.iso(project.createdAt)}`,
      status,
      type: project.tool.facts.type,
      created_at: this.#clock.iso(project.createdAt),
      enabled: !project.deleted,
      credits_charged: project.charged,
      downloads,
      error: project.error,
    };
    if (project.tool.kind === 'audio') return common;
    const oldName = { total_frame_cost: project.charged };
    if (project.tool.kind === 'image') return { ...common, ...oldName, image_count: resultCount(project) };
    return {
      ...common,
      ...oldName,
      width: VIDEO_SIZE.width,
      height: VIDEO_SIZE.height,
      fps: status === 'complete' ? VIDEO_SIZE.fps : 30,
      start_seconds: project.body.start_seconds ?? 0,
      end_seconds: project.body.end_seconds ?? 0,
      download: downloads[0] ?? null,
    };
  }

  reset(): void {
    this.#byId.clear();
    this.#plans.length = 0;
  }

  #charge(project: Project, credits: number): void {
    project.account.credits += project.charged - credits;
    project.charged = credits;
  }

  /** Returns the same URL until it expires, like the real service. */
  #download(output: Output): { url: string; expires_at: string } {
    if (!output.signed || !this.#signatures.isGood(output.signed)) {
      output.signed = this.#signatures.sign(output.path, this.#behavior.downloadUrlMs);
    }
    return { url: output.signed.url, expires_at: this.#clock.iso(output.signed.expiresAt) };
  }
}

const resultCount = ({ plan, body }: Project): number => plan.results ?? body.image_count ?? 1;

const UNKNOWN_ERROR = { code: 'unknown_error', message: 'An unknown error occurred' };
