// Runs a tool against the API in the same way as the extension: upload, create, poll, and download.
import { rename, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadResult } from '../src/api/downloadResult.ts';
import { isTransient, type Clock } from '../src/api/retry.ts';
import type { MagicHourApi, Project } from '../src/api/types.ts';
import { probe } from '../src/assets/probe.ts';
import { projectFailure } from '../src/jobs/failures.ts';
import { resultExtension } from '../src/jobs/names.ts';
import { expectationOf, nextDelay } from '../src/jobs/schedule.ts';
import { checkDraft, type CheckedDraft } from '../src/shared/draft.ts';
import { extensionOf } from '../src/shared/formats.ts';
import { fill, HumanError, type Message } from '../src/shared/message.ts';
import { strings } from '../src/shared/strings/index.ts';
import { createBody } from '../src/tools/request.ts';
import { requiredInputs, type AssetKind, type Price, type Tool } from '../src/tools/tool.ts';
import { requiredTexts } from './liveShapes.ts';

/** The path of a sample file for each kind of input. */
export type Samples = Readonly<Partial<Record<AssetKind, string>>>;

/** A failure that only this script can report, so its message isn't translated. */
export class LiveError extends Error {}

/** Returns whether it's certain that nothing will be charged. */
export const isFree = ({ credits, exact, from }: Price): boolean => credits === 0 && exact && !from;

/** Describes what to create with a tool, using default values and the shortest clip. */
export interface Plan {
  readonly tool: Tool;
  readonly checked: CheckedDraft;
  /** File paths by input ID. */
  readonly files: Readonly<Record<string, string>>;
  readonly price: Price;
  /** The reason why this can't be created, such as a missing sample file or paid plan. */
  readonly obstacle?: string;
}

export async function planOf(tool: Tool, samples: Samples, tier: string): Promise<Plan> {
  const inputs = requiredInputs(tool);
  const files = Object.fromEntries(inputs.map(({ id, accepts }) => [id, samples[accepts] ?? '']));
  const sources = Object.entries(files).map(([id, uri]) => [id, { kind: 'file', uri } as const] as const);
  const row = {
    id: tool.id,
    inputs: Object.fromEntries(sources),
    start: '0',
    end: String(tool.clip?.minSeconds ?? 1),
  };
  const draft = { tool: tool.id, rows: [row], values: requiredTexts(tool) };
  const recording = inputs.find(({ id }) => id === tool.clip?.input);
  const path = recording && samples[recording.accepts];
  const info = path && (await probe(path, { name: basename(path), kind: recording.accepts }));
  const checked = checkDraft(
    tool,
    draft,
    source => (info && source.kind === 'file' && source.uri === path ? { info } : undefined),
    tier,
  );
  const missing = inputs.find(({ accepts }) => samples[accepts] === undefined);
  const [problem] = checked.problems;
  const obstacle = missing ? `Needs --${missing.accepts} FILE.` : problem && textOf(problem.message);
  return { tool, checked, files, price: checked.price, ...(obstacle && { obstacle }) };
}

/** Returns one of the extension's messages in English. */
export const textOf = ({ key, args }: Message): string => fill(strings[key], args);

export interface Runner {
  readonly api: MagicHourApi;
  readonly clock: Clock;
  /** Whether the user has agreed to the price. */
  readonly mayPay: boolean;
  /** An existing folder for the results. */
  readonly folder: string;
  /** Called as soon as the project exists, so that the user can find it if something fails later. */
  readonly onCreated: (projectId: string) => void;
}

export interface Outcome {
  readonly projectId: string;
  readonly credits: number | undefined;
  readonly saved: readonly string[];
  /** Deviations from the expected behavior, even though there is a result. */
  readonly problems: readonly string[];
}

/** Sends a single create request and never retries it after an error. */
export async function run({ tool, checked, files, price }: Plan, runner: Runner): Promise<Outcome> {
  const { api, mayPay, onCreated } = runner;
  if (!mayPay && !isFree(price)) throw new Error(`${tool.id} isn't free`);
  const references = Object.fromEntries(
    await Promise.all(
      Object.entries(files).map(
        async ([id, path]) => [id, await uploadFile(api, acceptedBy(tool, id), path)] as const,
      ),
    ),
  );
  const created = await api.create(
    tool.path,
    createBody(tool, checked.values, references, checked.rows[0]?.clip),
  );
  onCreated(created.id);
  const project = await complete(tool, created.id, runner);
  const saved: string[] = [];
  for (const index of project.downloads.keys()) saved.push(await save(tool, project, index, runner));

  const problems: string[] = [];
  const charged = project.creditsCharged;
  if (created.creditsCharged === undefined || charged === undefined)
    problems.push('The response doesn’t say how many credits were charged.');
  else if (price.from ? charged < price.credits : charged !== price.credits)
    problems.push(`Charged ${charged} credits, but the form shows ${price.credits}.`);
  if (project.downloads.some(({ expiresAt }) => expiresAt === undefined))
    problems.push('The response doesn’t say when the result’s URL expires.');
  return { projectId: project.id, credits: charged, saved, problems };
}

const acceptedBy = (tool: Tool, id: string): AssetKind =>
  tool.inputs.find(input => input.id === id)?.accepts ?? 'image';

/** Uploads a file and returns its reference for use in requests. */
export async function uploadFile(api: MagicHourApi, type: AssetKind, path: string): Promise<string> {
  const [target] = await api.uploadUrls([{ type, extension: extensionOf(basename(path)) }]);
  if (!target) throw new Error('No upload URL');
  await api.put(target.url, { path, bytes: (await stat(path)).size });
  return target.filePath;
}

const longestWait = 20 * 60_000;

/** Polls at the same intervals as the extension until the project is complete. */
async function complete(tool: Tool, id: string, { api, clock }: Runner): Promise<Project> {
  const expected = expectationOf([], tool.medianSeconds);
  for (let elapsed = 0; elapsed < longestWait; ) {
    const delay = nextDelay(expected, elapsed);
    await clock.wait(delay);
    elapsed += delay;
    const project = await api.project(tool.project, id).catch((error: unknown) => {
      // The extension keeps polling if a response can't be read, but this script must report such a response.
      if (isTransient(error) && error.details.status !== 200) return undefined;
      throw error;
    });
    const failure = project && projectFailure(project);
    if (failure) throw new HumanError(failure.message.key, failure.message.args);
    if (project?.status === 'complete' && project.downloads.length > 0) return project;
  }
  throw new LiveError('Not complete after 20 minutes. Check your Magic Hour library.');
}

async function save(
  tool: Tool,
  project: Project,
  index: number,
  { api, clock, folder }: Runner,
): Promise<string> {
  const partial = join(folder, `${project.id}-${index}.part`);
  const { mediaType } = await downloadResult(api, { kind: tool.project, id: project.id, index }, partial, {
    clock,
  });
  const extension = resultExtension(tool.project, mediaType, project.downloads[index]?.url);
  const path = join(folder, `${tool.resultSuffix}${index === 0 ? '' : `-${index + 1}`}.${extension}`);
  await rename(partial, path);
  return path;
}
