// `npm run live` checks that the real Magic Hour API behaves as this extension expects, using the extension's own
// client and tools. See CONTRIBUTING.md.
//
// Without `--paid`, only free tools are run. Nothing else is sent to a create endpoint, not even an invalid request or
// one without a key, because the server might charge for it before rejecting it. The requests of other tools are only
// compared with the API description that Magic Hour publishes.
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { parseArgs } from 'node:util';
import { createApi } from '../src/api/client.ts';
import { redact } from '../src/api/redact.ts';
import type { Clock } from '../src/api/retry.ts';
import type { Account, MagicHourApi } from '../src/api/types.ts';
import { systemClock } from '../src/jobs/clock.ts';
import { HumanError } from '../src/shared/message.ts';
import { strings } from '../src/shared/strings/index.ts';
import { tools } from '../src/tools/index.ts';
import type { Tool } from '../src/tools/tool.ts';
import { isFree, LiveError, planOf, run, textOf, uploadFile, type Plan, type Runner } from './liveJobs.ts';
import { publishedSpec, readSpec, shapeProblems } from './liveShapes.ts';

const usage = `npm run live -- [TOOL…] [OPTION…]

  TOOL             Checks only these tools: ${tools.map(({ id }) => id).join(', ')}
  --paid           Also creates what costs credits, after asking
  --yes            Doesn't ask
  --image FILE     The image, audio, and video files to use. The image and the audio file
  --audio FILE     have a default. Without a video, the tools that need one are skipped.
  --video FILE
  --api-url URL    Another API, such as the fake one
  --spec SOURCE    Another API description: a URL or a path

The API key is read from MAGIC_HOUR_API_KEY, or asked for. It's sent only to the API and isn't stored.`;

/** The environment in which this script runs. */
export interface Terminal {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** The path where the folder for the results is created. */
  readonly temporary: string;
  readonly print: (line: string) => void;
  /** Undefined if there's no user to ask. */
  readonly ask?: (question: string, options?: { readonly hidden: boolean }) => Promise<string>;
}

interface Options {
  readonly tools: readonly Tool[];
  readonly paid: boolean;
  readonly yes: boolean;
  readonly apiUrl: string;
  readonly spec: string;
  readonly samples: { readonly image: string; readonly audio: string; readonly video?: string };
}

const sample = (name: string): string => join(import.meta.dirname, '../media/samples', name);

/** Returns undefined if the user requested help. */
function readOptions(args: readonly string[]): Options | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      paid: { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      image: { type: 'string', default: sample('portrait.jpg') },
      audio: { type: 'string', default: sample('voice.mp3') },
      video: { type: 'string' },
      'api-url': { type: 'string', default: 'https://api.magichour.ai' },
      spec: { type: 'string', default: publishedSpec },
    },
  });
  if (values.help) return undefined;
  // Don't print the unknown argument, because it could be a key.
  if (positionals.some(id => !tools.some(tool => tool.id === id)))
    throw new LiveError('There’s no such tool. See --help.');
  const { image, audio, video } = values;
  return {
    tools: positionals.length > 0 ? tools.filter(({ id }) => positionals.includes(id)) : tools,
    paid: values.paid,
    yes: values.yes,
    apiUrl: values['api-url'],
    spec: values.spec,
    samples: { image, audio, ...(video !== undefined && { video }) },
  };
}

/** @returns The exit code, which is 0 only if all checks passed. */
export async function live(args: readonly string[], terminal: Terminal): Promise<number> {
  let key = '';
  let failures = 0;
  const print = (line: string): void => terminal.print(redact(line, [key]));
  const fail = (what: string, error: unknown): void => {
    failures++;
    print(`✖ ${what}: ${wordsOf(error)}`);
  };
  try {
    const options = readOptions(args);
    if (!options) {
      print(usage);
      return 0;
    }
    key = await readKey(terminal);
    await check(options, key, { ...terminal, print }, fail);
  } catch (error) {
    fail('Stopped', error);
  }
  return failures > 0 ? 1 : 0;
}

async function readKey({ environment, ask }: Terminal): Promise<string> {
  const key =
    environment['MAGIC_HOUR_API_KEY']?.trim() || (await ask?.('API key: ', { hidden: true }))?.trim();
  if (!key) throw new LiveError('There’s no API key. Set MAGIC_HOUR_API_KEY, or run this in a terminal.');
  return key;
}

type Fail = (what: string, error: unknown) => void;

async function check(options: Options, key: string, terminal: Terminal, fail: Fail): Promise<void> {
  const { print, environment, clock, temporary } = terminal;
  const api = createApi({
    apiUrl: options.apiUrl,
    key,
    network: () => ({
      proxySupport: 'override',
      noProxy: [],
      proxyStrictSSL: true,
      systemCertificates: false,
      environment,
    }),
    userAgent: 'magic-hour-vscode-live-check',
    log: { trace() {}, warn: print },
  });
  try {
    const account = await checkAccount(api, print);
    const folder = await mkdtemp(join(temporary, 'magic-hour-live-'));
    await checkUpload(api, folder).then(
      () => print('✔ Upload'),
      (error: unknown) => fail('Upload', error),
    );
    const plans = await Promise.all(options.tools.map(tool => planOf(tool, options.samples, account.tier)));
    const create = async (plan: Plan, mayPay: boolean): Promise<number> => {
      const title = titleOf(plan.tool);
      const onCreated = (id: string): void => print(`  ${title}: created project ${id}`);
      try {
        const runner: Runner = { api, clock, folder, mayPay, onCreated };
        const { projectId, credits, saved, problems } = await run(plan, runner);
        for (const problem of problems) fail(title, new LiveError(problem));
        // The project is no longer needed, and deleting it also checks that deletion works.
        if (!mayPay) await api.deleteProject(plan.tool.project, projectId);
        if (problems.length === 0) print(`✔ ${title}: ${credits} credits, saved as ${saved.join(', ')}`);
        return credits ?? 0;
      } catch (error) {
        fail(title, error);
        return 0;
      }
    };
    for (const plan of plans.filter(({ price }) => isFree(price))) await create(plan, false);
    await checkShapes(options, print, fail);
    const costly = plans.filter(({ price }) => !isFree(price));
    showPrices(costly, print);
    const possible = costly.filter(({ obstacle }) => !obstacle);
    if (await agreesToPay(possible, account, options, terminal))
      for (const plan of possible)
        if ((await create(plan, true)) > plan.price.credits)
          throw new LiveError('More was charged than you agreed to, so nothing else is created.');
  } finally {
    await api.dispose();
  }
}

/** Throws if there is no valid account, because nothing else is worth checking without one. */
async function checkAccount(api: MagicHourApi, print: Terminal['print']): Promise<Account> {
  const account = await api.account();
  if (!account?.id || !account.tier)
    throw new LiveError('GET /v1/account doesn’t return an ID, a plan, and the credits.');
  print(`✔ Account: ${account.tier} plan, ${account.credits} credits`);
  return account;
}

/** A PNG image with a single pixel. */
const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function checkUpload(api: MagicHourApi, folder: string): Promise<void> {
  const path = join(folder, 'pixel.png');
  await writeFile(path, Buffer.from(pixel, 'base64'));
  await uploadFile(api, 'image', path);
}

/** Known differences by tool: old fields that the API still accepts although the public description omits them. */
const notDescribed: Readonly<Record<string, readonly string[]>> = {
  talkingPhoto: ["style.intensity isn't described"],
};

async function checkShapes(options: Options, print: Terminal['print'], fail: Fail): Promise<void> {
  const spec = await readSpec(options.spec).catch((error: unknown) => {
    fail('Requests', new LiveError(`Couldn't read the API description at ${options.spec}: ${String(error)}`));
    return undefined;
  });
  if (!spec) return;
  for (const tool of options.tools) {
    const what = `Request for ${titleOf(tool)}`;
    const problems = shapeProblems(tool, spec)?.filter(text => !notDescribed[tool.id]?.includes(text));
    if (!problems) print(`– ${what}: not in the API description, so only --paid can check it`);
    else if (problems.length === 0) print(`✔ ${what}`);
    for (const problem of problems ?? []) fail(what, new LiveError(problem));
  }
}

function showPrices(plans: readonly Plan[], print: Terminal['print']): void {
  if (plans.length === 0) return;
  print(
    '\nThis costs credits. Nothing else shows whether the server accepts these requests and what it charges:',
  );
  for (const { tool, price, obstacle } of plans) {
    const credits = `${String(price.credits).padStart(6)} credits${price.from ? ' or more' : ''}`;
    print(`${credits}  ${titleOf(tool)}${obstacle ? ` (skipped: ${obstacle})` : ''}`);
  }
}

async function agreesToPay(
  plans: readonly Plan[],
  account: Account,
  { paid, yes }: Options,
  { print, ask }: Terminal,
): Promise<boolean> {
  if (plans.length === 0) return false;
  const total = plans.reduce((sum, { price }) => sum + price.credits, 0);
  print(`${String(total).padStart(6)} credits in total\n`);
  if (!paid) {
    print('Nothing was charged. To create them, add --paid. To choose some, add their IDs (see --help).');
    return false;
  }
  if (account.credits < total) throw new LiveError(`The account has only ${account.credits} credits.`);
  if (yes) return true;
  if (!ask) throw new LiveError('Can’t ask for confirmation. To pay without being asked, add --yes.');
  const answer = await ask(`Pay about ${total} credits? (y/N) `);
  if (/^y(es)?$/i.test(answer.trim())) return true;
  print('Nothing was charged.');
  return false;
}

const titleOf = ({ title }: Tool): string => strings[title];

/** Describes an error in plain English. If a response can't be read, the description includes the invalid field. */
function wordsOf(error: unknown): string {
  if (error instanceof HumanError) {
    const words = textOf(error.text);
    return error.cause instanceof Error ? `${words} (${error.cause.message})` : words;
  }
  return error instanceof Error ? error.message : String(error);
}

/** @param hidden Whether to hide the typed text. */
async function ask(question: string, { hidden } = { hidden: false }): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({
    input: process.stdin,
    output: hidden ? nowhere : process.stdout,
    terminal: true,
    historySize: 0,
  });
  try {
    if (hidden) process.stdout.write(question);
    return await lines.question(question);
  } finally {
    lines.close();
    if (hidden) process.stdout.write('\n');
  }
}

if (import.meta.main) {
  process.exitCode = await live(process.argv.slice(2), {
    environment: process.env,
    clock: systemClock,
    temporary: tmpdir(),
    print: line => console.log(line),
    ...(process.stdin.isTTY && { ask }),
  });
}
