import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createApi } from '../../../src/api/client.ts';
import { type Limits, defaultLimits } from '../../../src/api/limits.ts';
import { type NetworkSettings, directSettings } from '../../../src/api/route.ts';
import type { MagicHourApi } from '../../../src/api/types.ts';
import { createAssetPreparation } from '../../../src/assets/prepare.ts';
import { createAssetUpload } from '../../../src/assets/uploads.ts';
import type { Disk } from '../../../src/jobs/disk.ts';
import { isEnded, type JobRequest, type JobView } from '../../../src/jobs/job.ts';
import { JobService } from '../../../src/jobs/jobService.ts';
import { nodeDisk } from '../../../src/jobs/nodeDisk.ts';
import { thisProcess } from '../../../src/jobs/heartbeat.ts';
import type { Log, RemoteFiles } from '../../../src/jobs/ports.ts';
import { HumanError, type Message, fill } from '../../../src/shared/message.ts';
import { strings } from '../../../src/shared/strings/index.ts';
import { maxResults } from '../../../src/jobs/phases/download.ts';
import { FastClock } from './fastClock.ts';

const portrait = new URL('../../sample-workspace/portraits/anna.png', import.meta.url);

export const goodKey = 'mhk_live_test';

/** The fake API, in this process or in another one. */
export interface HarnessServer {
  readonly apiUrl: string;
  readonly control: {
    results(project: string): Awaitable<readonly unknown[]>;
    resultBytes(project: string, index: number): Awaitable<Uint8Array>;
  };
}
type Awaitable<T> = T | Promise<T>;

export interface HarnessOptions {
  readonly apiUrl?: string;
  /** How much faster than real time the clock runs. */
  readonly speed?: number;
  readonly limits?: Partial<Limits>;
  readonly network?: NetworkSettings;
  readonly disk?: (disk: Disk) => Disk;
  readonly maxConcurrentJobs?: number;
}

const notRemote = () => Promise.reject(new Error('not remote'));
const remoteFiles: RemoteFiles = {
  stat: notRemote,
  copyToDisk: notRemote,
  copyFromDisk: notRemote,
  reaches: () => false,
};

/** All parts of the extension below the editor layer, on a real disk. */
export class Harness {
  readonly server: HarnessServer;
  readonly clock: FastClock;
  readonly jobs: JobService;
  /** The folder for the inputs and the results. */
  readonly folder: string;
  readonly storage: string;
  readonly log: string[] = [];
  readonly input: string;
  /** The API key, which changes when the user enters another one. */
  key = goodKey;
  /** Whether reading SecretStorage fails (editor/apiKey.ts). */
  isKeychainBroken = false;
  network: NetworkSettings;
  /** The signatures of all signed URLs received. */
  readonly signatures = new Set<string>();
  readonly #root: string;
  #client: { readonly key: string; readonly api: MagicHourApi } | undefined;

  static async open(server: HarnessServer, options: HarnessOptions = {}): Promise<Harness> {
    const root = await mkdtemp(join(tmpdir(), 'magic-hour-harness-'));
    const harness = new Harness(server, root, options);
    await mkdir(harness.folder);
    await harness.restoreInput();
    return harness;
  }

  private constructor(server: HarnessServer, root: string, options: HarnessOptions) {
    this.server = server;
    this.#root = root;
    this.folder = join(root, 'pictures');
    this.storage = join(root, 'storage');
    this.input = join(this.folder, 'anna.png');
    this.clock = new FastClock(options.speed);
    this.network = options.network ?? directSettings;
    const note = (message: string | Error): void =>
      void this.log.push(message instanceof Error ? `${message.stack}\n${String(message.cause)}` : message);
    const log: Log = { trace: note, info: note, warn: note, error: note };
    const limits = { ...longLimits, ...options.limits };
    const api = async (): Promise<MagicHourApi> => {
      if (this.isKeychainBroken)
        throw new HumanError('editor.keyUnreadable', undefined, { suggestedAction: 'setApiKey' });
      if (this.#client?.key !== this.key) {
        const [old, { key }] = [this.#client, this];
        const made = createApi({
          apiUrl: options.apiUrl ?? server.apiUrl,
          key,
          network: () => this.network,
          userAgent: 'magic-hour-test',
          log,
          limits,
        });
        this.#client = { key, api: this.#listening(made) };
        await old?.api.dispose();
      }
      return this.#client.api;
    };
    const ports = {
      api,
      clock: this.clock,
      log,
      remoteFiles,
      assets: createAssetPreparation({ remoteFiles, temporaryFolder: join(this.storage, 'temporary'), log }),
      uploads: createAssetUpload({ api, clock: this.clock }),
      maxConcurrentJobs: () => options.maxConcurrentJobs ?? 4,
    };
    const disk = options.disk?.(nodeDisk) ?? nodeDisk;
    this.jobs = new JobService(ports, this.storage, { disk, process: thisProcess() });
  }

  request(change: Partial<JobRequest> = {}): JobRequest {
    return {
      tool: 'headshot',
      inputs: { image: { kind: 'file', uri: pathToFileURL(this.input).href } },
      values: { name: 'Anna' },
      trim: true,
      estimate: { credits: 50, exact: true },
      folder: pathToFileURL(this.folder).href,
      stem: 'anna-headshot',
      ...change,
    };
  }

  /** Undoes changes to the image. */
  async restoreInput(): Promise<void> {
    await copyFile(portrait, this.input);
  }

  /** Resolves with the job once the condition holds. */
  async until(id: string, condition: (job: JobView) => boolean, limit = 60_000): Promise<JobView> {
    const { promise, resolve, reject } = Promise.withResolvers<JobView>();
    const look = (): void => {
      const job = this.jobs.get(id);
      if (job && condition(job)) resolve(job);
    };
    const subscription = this.jobs.onDidChange(look);
    const timer = setTimeout(() => {
      reject(new Error(`Not in time: ${JSON.stringify(this.jobs.get(id))}`));
    }, limit);
    try {
      look();
      return await promise;
    } finally {
      clearTimeout(timer);
      subscription.dispose();
    }
  }

  /**
   * Asserts that each result is saved under one name, with the bytes that the server sent, and that nothing else is
   * left in the folder.
   */
  async assertSaved(job: JobView, others: readonly string[] = []): Promise<void> {
    await this.assertBytes(job);
    const expected = [...job.results.map(uri => basename(fileURLToPath(uri))), ...others];
    assert.deepEqual((await readdir(fileURLToPath(job.request.folder))).toSorted(), expected.toSorted());
  }

  /** Asserts that the saved bytes are those that the server sent. */
  async assertBytes({ projectId = '', results }: JobView): Promise<void> {
    const served = await this.server.control.results(projectId);
    assert.equal(results.length, Math.min(served.length, maxResults));
    for (const [index, uri] of results.entries()) {
      const saved = await readFile(fileURLToPath(uri));
      assert.ok(saved.equals(await this.server.control.resultBytes(projectId, index)), 'different bytes');
    }
  }

  /** Asserts that neither the key nor a signature was written to disk. */
  async assertNoSecrets(more: readonly string[] = []): Promise<void> {
    const secrets = [goodKey, this.key, ...this.signatures, ...more];
    const look = (where: string, text: string): void => {
      for (const secret of secrets) assert.ok(!text.includes(secret), `a secret is in ${where}: ${secret}`);
    };
    look('the log', this.log.join('\n'));
    for (const entry of await readdir(this.storage, { recursive: true, withFileTypes: true }).catch(
      () => [],
    )) {
      if (!entry.isFile()) continue;
      const text = await readFile(join(entry.parentPath, entry.name), 'latin1').catch(() => '');
      look(entry.name, text);
    }
  }

  async close(): Promise<void> {
    await this.jobs.dispose();
    await this.#client?.api.dispose();
    await rm(this.#root, { recursive: true, force: true });
  }

  /** Remembers the signatures of signed URLs. */
  #listening(api: MagicHourApi): MagicHourApi {
    const note = (url: string): void => {
      for (const value of new URL(url).searchParams.values()) this.signatures.add(value);
    };
    return {
      ...api,
      uploadUrls: async (...args) => {
        const targets = await api.uploadUrls(...args);
        for (const { url } of targets) note(url);
        return targets;
      },
      project: async (...args) => {
        const project = await api.project(...args);
        for (const { url } of project.downloads) note(url);
        return project;
      },
    };
  }
}

/** Long enough for a busy machine. Tests of timeouts set shorter limits. */
const longLimits: Limits = { ...defaultLimits, connect: 10_000 };

export const isAtRest = (job: JobView): boolean =>
  isEnded(job) || job.phase === 'unknown' || job.blocked !== undefined;

/** The message in English. */
export const inWords = ({ key, args }: Message): string => fill(strings[key], args);
