import { ApiError } from '../../src/api/errors.ts';
import type { MagicHourApi, Project, ProjectStatus } from '../../src/api/types.ts';
import type { VirtualClock } from './virtualClock.ts';
import type { MemoryDisk } from './memoryDisk.ts';

export interface ServerProject {
  readonly id: string;
  readonly createdAt: number;
  readonly body: unknown;
  status: ProjectStatus | undefined;
  error?: Project['error'];
  enabled: boolean;
  results: number;
}

type Fault = () => Promise<void> | void;

/** Creates the error for a request that the server rejects. */
export function refusal(status: number | undefined, more: Partial<ApiError['details']> = {}): ApiError {
  const key = status === 401 ? 'api.key.refused' : status === 404 ? 'api.project.missing' : 'api.server';
  const transient = status === undefined || status === 429 || status >= 500;
  return new ApiError(
    key,
    { operation: 'create', status, transient, mayHaveBeenCreated: false, ...more },
    status === 401 ? { suggestedAction: 'setApiKey' } : {},
  );
}

/** A server in memory, which stores the charged projects and their states. It is independent of the windows. */
export class MemoryServer {
  readonly projects = new Map<string, ServerProject>();
  creates = 0;
  polls = 0;
  downloads = 0;
  renderTime = 10_000;
  results = 1;
  /** Errors and delays for the next calls of an operation. Each is used once. */
  readonly faults: Record<'create' | 'lostResponse' | 'project' | 'download' | 'delete', Fault[]> = {
    create: [],
    lostResponse: [],
    project: [],
    download: [],
    delete: [],
  };
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  bytesOf(id: string, index: number): string {
    return `result ${index} of ${id}`;
  }

  /** Creates a client whose downloads are written to `disk`. */
  api(
    disk: MemoryDisk,
    { isAlive = () => true, gate }: { isAlive?: () => boolean; gate?: () => Promise<void> | undefined } = {},
  ): MagicHourApi {
    const whileAlive = async <T>(value: T): Promise<T> => {
      await gate?.();
      return isAlive() ? value : new Promise<T>(() => {});
    };
    return {
      account: () => whileAlive({ id: 'me', tier: 'pro', credits: 1_000 }),
      uploadUrls: () => Promise.reject(new Error('not here')),
      put: () => Promise.reject(new Error('not here')),
      deleteProject: async (_kind, id) => {
        const project = this.projects.get(id);
        if (project) project.enabled = false;
        await this.faults.delete.shift()?.();
        return whileAlive(undefined);
      },
      create: async (_path, body) => {
        await whileAlive(undefined);
        this.creates++;
        await this.faults.create.shift()?.();
        const id = `p${this.projects.size + 1}`;
        this.projects.set(id, {
          id,
          createdAt: this.#clock.passed,
          body,
          status: undefined,
          enabled: true,
          results: this.results,
        });
        await this.faults.lostResponse.shift()?.();
        return whileAlive({ id, creditsCharged: 50 });
      },
      project: async (_kind, id) => {
        await whileAlive(undefined);
        this.polls++;
        await this.faults.project.shift()?.();
        return whileAlive(this.#project(id));
      },
      get: async (url, path, options) => {
        await whileAlive(undefined);
        this.downloads++;
        await this.faults.download.shift()?.();
        const [, id = '', index = '0'] = /\/(\w+)\/(\d+)/.exec(new URL(url).pathname) ?? [];
        const text = this.bytesOf(id, Number(index));
        await whileAlive(undefined);
        disk.write(path, text);
        options?.onLength?.(text.length);
        options?.onProgress?.(text.length);
        return { bytes: text.length, mediaType: 'image/png' };
      },
      dispose: () => Promise.resolve(),
    };
  }

  #project(id: string): Project {
    const project = this.projects.get(id);
    if (!project) throw refusal(404, { operation: 'project' });
    const elapsed = this.#clock.passed - project.createdAt;
    const status = project.status ?? (elapsed >= this.renderTime ? 'complete' : 'rendering');
    const downloads = Array.from({ length: project.results }, (_, index) => ({
      url: `https://videos.example/${id}/${index}/output.png?signature=SIGNED-SECRET`,
      expiresAt: undefined,
    }));
    return {
      id,
      status,
      enabled: project.enabled,
      creditsCharged: status === 'error' ? 0 : 50,
      downloads: status === 'complete' ? downloads : [],
      error: project.error,
    };
  }
}
