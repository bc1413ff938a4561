import { HumanError } from '../../src/shared/message.ts';
import type { downloadResult } from '../../src/api/downloadResult.ts';
import type { Disk } from '../../src/jobs/disk.ts';
import type { JobRequest } from '../../src/jobs/job.ts';
import { JobService } from '../../src/jobs/jobService.ts';
import type { JobPorts, Log, RemoteFiles } from '../../src/jobs/ports.ts';
import type { MemoryServer } from './memoryServer.ts';
import type { DiskView, MemoryDisk, ViewOptions } from './memoryDisk.ts';
import type { VirtualClock } from './virtualClock.ts';

export const storage = '/storage';

/** For tests in which no input or result is in a virtual folder. */
export const noRemoteFiles: RemoteFiles = {
  stat: () => Promise.resolve(undefined),
  copyToDisk: () => Promise.resolve(),
  copyFromDisk: () => Promise.resolve(true),
  reaches: () => true,
};
export const workspace = '/workspace';

/** One VS Code window with its jobs. */
export interface Window {
  readonly jobs: JobService;
  readonly disk: DiskView;
  readonly log: string[];
  /** Kills the window, as SIGKILL does. Operations in progress don't take effect. */
  kill(): void;
  readonly pid: number;
  readonly isAlive: boolean;
}

export interface WindowOptions extends ViewOptions {
  readonly limit?: () => number;
  readonly hasKey?: () => boolean;
  readonly ports?: Partial<JobPorts>;
  /** Delays everything that this window awaits, as when a laptop sleeps. */
  readonly gate?: () => Promise<void> | undefined;
  /** Wraps this window's disk, for example to inject faults. */
  readonly wrapDisk?: (disk: DiskView) => Disk;
  /** Whether the operating system lets other windows see that this window has died. */
  readonly deathIsSeen?: boolean;
}

const alive = new Set<number>();
let pids = 1_000;

export function request(more: Partial<JobRequest> = {}): JobRequest {
  return {
    tool: 'headshot',
    inputs: { image: { kind: 'file', uri: `file://${workspace}/anna.png` } },
    values: {},
    trim: true,
    estimate: { credits: 50, exact: true },
    folder: `file://${workspace}`,
    stem: 'anna-headshot',
    ...more,
  };
}

/** Replaces `downloadResult` for a disk in memory. Polls once and downloads once. */
const download: typeof downloadResult = async (api, { kind, id, index }, path, { onProgress }) => {
  const project = await api.project(kind, id);
  const url = project.downloads[index]?.url ?? '';
  return api.get(url, path, { onProgress: bytes => onProgress?.(bytes, bytes) });
};

export function openWindow(
  clock: VirtualClock,
  disk: MemoryDisk,
  server: MemoryServer,
  options: WindowOptions = {},
): Window {
  const pid = ++pids;
  alive.add(pid);
  let isAlive = true;
  const log: string[] = [];
  const note = (message: string | Error) => void log.push(String(message));
  const logger: Log = { trace: () => {}, info: note, warn: note, error: note };
  const view = disk.view(options);
  const never = () => new Promise<never>(() => {});
  const ports: JobPorts = {
    api: async () => {
      if (!isAlive) return never();
      if (options.hasKey?.() === false)
        throw new HumanError('api.key.refused', undefined, { suggestedAction: 'setApiKey' });
      return server.api(disk, { isAlive: () => isAlive, ...(options.gate && { gate: options.gate }) });
    },
    assets: {
      prepare: async (tool, { inputs }, { signal, onPhase }) => {
        await onPhase('probing');
        signal.throwIfAborted();
        const prepared = tool.inputs.map(({ id, accepts }) => {
          const source = inputs[id];
          const file = {
            kind: 'upload',
            path: `/x/${id}`,
            bytes: 10,
            type: accepts,
            extension: 'png',
          } as const;
          return [
            id,
            source?.kind === 'url' ? ({ kind: 'reference', reference: source.url } as const) : file,
          ] as const;
        });
        return { inputs: Object.fromEntries(prepared), dispose: () => Promise.resolve() };
      },
    },
    uploads: {
      upload: async (inputs, { signal, onProgress }) => {
        onProgress(0.5);
        await clock.wait(100, signal);
        if (!isAlive) return never();
        return Object.fromEntries(
          Object.entries(inputs).map(([id, input]) => [
            id,
            input.kind === 'reference' ? input.reference : `api-assets/${id}.png`,
          ]),
        );
      },
      forget: () => Promise.resolve(),
    },
    remoteFiles: noRemoteFiles,
    // A dead process has no timers.
    clock: {
      now: () => clock.now(),
      random: () => clock.random(),
      wait: async (ms, signal) => {
        await clock.wait(ms, signal);
        await options.gate?.();
        if (!isAlive) await never();
      },
    },
    log: logger,
    maxConcurrentJobs: options.limit ?? (() => 4),
    download,
    ...options.ports,
  };
  const process = {
    home: 'here',
    pid,
    isRunning: (other: number) => options.deathIsSeen === false || alive.has(other),
  };
  return {
    jobs: new JobService(ports, storage, { disk: options.wrapDisk?.(view) ?? view, process }),
    disk: view,
    log,
    pid,
    get isAlive() {
      return isAlive;
    },
    kill() {
      isAlive = false;
      alive.delete(pid);
      view.kill();
    },
  };
}
