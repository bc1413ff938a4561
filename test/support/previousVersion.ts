import { join } from 'node:path';
import { ApiError as CurrentApiError } from '../../src/api/errors.ts';
import { ApiError, createJobs, HumanError, type Jobs } from '../fixtures/jobs-0.1.0.mjs';
import type { MemoryServer } from './memoryServer.ts';
import { noRemoteFiles, storage } from './jobWindow.ts';
import type { MemoryDisk, ViewOptions } from './memoryDisk.ts';
import type { VirtualClock } from './virtualClock.ts';

/** The folder in which version 0.1.0 stores its jobs. */
export const previousFolder = join(storage, 'jobs');

export interface PreviousWindow {
  readonly jobs: Jobs;
  readonly log: readonly string[];
  kill(): void;
  /** Suspends this window until the returned function is called. */
  suspend(): () => void;
}

export interface PreviousOptions extends ViewOptions {
  readonly hasKey?: () => boolean;
  /** Runs before files are uploaded. */
  readonly upload?: () => Promise<void>;
}

let pids = 9_000;

/** A window with version 0.1.0 of the extension, on the same disk and with the same server. */
export function openPreviousWindow(
  clock: VirtualClock,
  disk: MemoryDisk,
  server: MemoryServer,
  options: PreviousOptions = {},
): PreviousWindow {
  let isAlive = true;
  let asleep: Promise<void> | undefined;
  const log: string[] = [];
  const note = (message: unknown) => void log.push(String(message));
  const whileAlive = async <T>(value: T): Promise<T> => {
    await asleep;
    return isAlive ? value : new Promise<never>(() => {});
  };
  const view = disk.view({
    before: async (operation, path) => {
      await asleep;
      await options.before?.(operation, path);
    },
    after: async (operation, path) => {
      await options.after?.(operation, path);
      await asleep;
    },
  });
  const api = server.api(disk, { isAlive: () => isAlive, gate: () => asleep });
  const ports = {
    api: () =>
      options.hasKey?.() === false
        ? Promise.reject(new HumanError('api.key.refused', undefined, { remedy: 'setApiKey' }))
        : whileAlive({
            create: (path: string, body: object) => translated(api.create(path, body)),
            project: (kind: 'image' | 'video', id: string) => translated(api.project(kind, id)),
            deleteProject: (kind: 'image' | 'video', id: string) => translated(api.deleteProject(kind, id)),
            get: (url: string, path: string) => translated(api.get(url, path)),
          }),
    assets: {
      prepare: async (tool: { readonly inputs: readonly { readonly id: string }[] }) => {
        const inputs = tool.inputs.map(
          ({ id }) =>
            [id, { kind: 'upload', path: `/x/${id}`, bytes: 10, type: 'image', extension: 'png' }] as const,
        );
        return whileAlive({ inputs: Object.fromEntries(inputs), dispose: () => Promise.resolve() });
      },
    },
    uploads: {
      upload: async (inputs: object) => {
        await options.upload?.();
        await clock.wait(100);
        return whileAlive(Object.fromEntries(Object.keys(inputs).map(id => [id, `api-assets/${id}.png`])));
      },
      forget: () => Promise.resolve(),
    },
    remoteFiles: noRemoteFiles,
    clock: {
      now: () => clock.now(),
      random: () => clock.random(),
      wait: async (ms: number, signal?: AbortSignal) => {
        await clock.wait(ms, signal);
        await whileAlive(undefined);
      },
    },
    log: { trace: () => {}, info: note, warn: note, error: note },
    maxConcurrentJobs: () => 4,
    download: async (
      client: typeof api,
      { kind, id, index }: { kind: 'image' | 'video'; id: string; index: number },
      path: string,
    ) => client.get((await client.project(kind, id)).downloads[index]?.url ?? '', path),
  };
  // Only heartbeats show whether another window is alive.
  const process = { home: 'here', pid: ++pids, isRunning: () => true };
  return {
    jobs: createJobs(ports, storage, { disk: view, process }),
    log,
    kill() {
      isAlive = false;
      view.kill();
    },
    suspend() {
      const { promise, resolve } = Promise.withResolvers<void>();
      asleep = promise;
      return () => {
        asleep = undefined;
        resolve();
      };
    },
  };
}

/** Converts errors of the fake server to errors of version 0.1.0. */
async function translated<T>(response: Promise<T>): Promise<T> {
  try {
    return await response;
  } catch (error) {
    if (!(error instanceof CurrentApiError)) throw error;
    const { mayHaveBeenCreated, ...details } = error.details;
    const remedy = error.suggestedAction;
    throw new ApiError(error.text.key, { ...details, made: mayHaveBeenCreated }, remedy ? { remedy } : {});
  }
}
