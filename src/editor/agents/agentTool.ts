import * as vscode from 'vscode';
import { isEnded, type JobRequest, type JobView } from '../../jobs/job.ts';
import type { JobService } from '../../jobs/jobService.ts';
import type { Log } from '../../jobs/ports.ts';
import type { AssetSource } from '../../shared/asset.ts';
import { HumanError } from '../../shared/message.ts';
import { formatSeconds } from '../../shared/seconds.ts';
import { checkDraft, readValues, sum, type Draft } from '../../shared/draft.ts';
import type { Price, Tool } from '../../tools/tool.ts';
import { nameOf } from '../assetName.ts';
import { newRow, sourcesOf } from '../form/draftRows.ts';
import { InputFacts } from '../form/inputFacts.ts';
import { LocalFiles } from '../form/localFiles.ts';
import { prepareSubmission, seenOf } from '../form/submission.ts';
import { plainText } from '../plainText.ts';
import type { SignIn } from '../signIn.ts';
import { text, translate } from '../translate.ts';
import { agentSource } from './agentInput.ts';
import { Confirmations } from './confirmations.ts';
import { jobReport, reply } from './jobReport.ts';

/** An error whose message is written for the agent. */
class AgentError extends Error {}

/** Paths or URLs by input ID and values by field ID, plus `start` and `end` if the tool uses a clip. */
type AgentInput = Readonly<Record<string, unknown>>;

export interface AgentDependencies {
  readonly jobs: JobService;
  readonly signIn: SignIn;
  /** The number of credits that agents can spend per day. */
  readonly agentDailyCredits: () => number;
  /** Returns undefined if the plan isn't known. */
  readonly plan: () => string | undefined;
  readonly log: Log;
  readonly temporaryFolder: (name: string) => string;
}

/** Exposes a Magic Hour tool as a language model tool. Its input is checked and submitted like that of a form. */
export class AgentTool implements vscode.LanguageModelTool<AgentInput> {
  readonly #tool: Tool;
  readonly #dependencies: AgentDependencies;
  readonly #confirmations = new Confirmations();

  constructor(tool: Tool, dependencies: AgentDependencies) {
    this.#tool = tool;
    this.#dependencies = dependencies;
  }

  async prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<AgentInput>): Promise<vscode.PreparedToolInvocation> {
    try {
      const orders = await this.#with(input, async (draft, facts) => {
        await facts.renew(sourcesOf(draft, this.#tool.inputs));
        const { rows, problems } = checkDraft(
          this.#tool,
          this.#completed(draft, facts),
          facts.lookup,
          this.#dependencies.plan(),
        );
        // Don't ask the user to approve a job that can't be created.
        if (problems.length > 0) throw new AgentError(describe(problems));
        return rows.map(({ inputs, clip, price }) => ({
          inputs,
          seen: seenOf(inputs, facts),
          clip,
          estimate: price,
        }));
      });
      this.#confirmations.add(input, orders.map(orderOf));
      const message = new vscode.MarkdownString();
      message.appendText(this.#question(orders));
      return {
        invocationMessage: text('agent.running', { tool: text(this.#tool.title) }),
        confirmationMessages: { title: text('agent.confirmTitle'), message },
      };
    } catch (error) {
      throw this.#failure(error);
    }
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<AgentInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    try {
      if (!vscode.workspace.isTrusted) throw new HumanError('agent.untrusted');
      const job = await this.#submit(input, token);
      // Report the values that were used, because unavailable ones may have been replaced.
      return reply({ ...jobReport(await this.#ended(job, token)), options: job.request.values });
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #submit(input: AgentInput, token: vscode.CancellationToken): Promise<JobView> {
    return this.#with(input, async (draft, facts) => {
      await facts.renew(sourcesOf(draft, this.#tool.inputs));
      const submission = await prepareSubmission(this.#tool, this.#completed(draft, facts), facts, {
        plan: this.#dependencies.plan(),
      });
      if ('problems' in submission) throw new AgentError(describe(submission.problems));
      const { requests } = submission;
      if (!this.#confirmations.take(input, requests.map(orderOf)) && !(await this.#confirm(requests)))
        throw new vscode.CancellationError();
      if (!(await this.#dependencies.signIn.ensure())) throw new HumanError('editor.keyMissing');
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      const { jobs, agentDailyCredits } = this.#dependencies;
      const ofAgent = requests.map(request => ({ ...request, agent: true }));
      const [job] = await jobs.submit(ofAgent, { agentDailyLimit: agentDailyCredits() });
      if (!job) throw new Error('Nothing was submitted');
      return job;
    });
  }

  /** Asks for approval if something changed after VS Code's confirmation, or if VS Code didn't ask for one. */
  async #confirm(orders: readonly Order[]): Promise<boolean> {
    const create = text('editor.create');
    const detail = `${text('agent.changed')}\n\n${this.#question(orders)}`;
    const options = { modal: true, detail };
    return (await vscode.window.showWarningMessage(text('agent.confirmTitle'), options, create)) === create;
  }

  #question(orders: readonly Order[]): string {
    const sources = orders.flatMap(({ inputs }) => Object.values(inputs));
    return [
      priceQuestion(text(this.#tool.title), sum(orders.map(({ estimate }) => estimate))),
      '',
      ...sources.map(source => `• ${placeOf(source)}`),
    ].join('\n');
  }

  /**
   * Waits until the job ends or needs the user's attention. Canceling stops the job, so nothing is charged if it hasn't
   * been created yet.
   */
  #ended(job: JobView, token: vscode.CancellationToken): Promise<JobView> {
    const { jobs } = this.#dependencies;
    return new Promise((resolve, reject) => {
      const check = () => {
        const now = jobs.get(job.id);
        if (now && !isEnded(now) && now.phase !== 'unknown' && !now.blocked) return;
        subscription.dispose();
        canceled.dispose();
        if (now) resolve(now);
        else reject(new HumanError('editor.jobGone'));
      };
      const subscription = jobs.onDidChange(check);
      const canceled = token.onCancellationRequested(() =>
        jobs.stop(job.id).then(check, (error: unknown) => reject(error)),
      );
      check();
    });
  }

  async #with<T>(input: AgentInput, use: (draft: Draft, facts: InputFacts) => Promise<T>): Promise<T> {
    const files = new LocalFiles(this.#dependencies.temporaryFolder(crypto.randomUUID()));
    try {
      return await use(
        await this.#draftOf(input),
        new InputFacts(files, this.#dependencies.log, () => undefined),
      );
    } finally {
      await files.dispose();
    }
  }

  async #draftOf(input: AgentInput): Promise<Draft> {
    const { inputs: files, fields, clip } = this.#tool;
    const names = [
      ...files.map(({ id }) => id),
      ...(clip ? ['start', 'end'] : []),
      ...fields.map(({ id }) => id),
    ];
    // If a misspelled option were ignored, the user would pay for a result that isn't what they asked for.
    const unknown = Object.keys(input).filter(name => !names.includes(name));
    if (unknown.length > 0)
      throw new AgentError(`Unknown: ${unknown.join(', ')}. Use only these: ${names.join(', ')}.`);
    const inputs: Record<string, AssetSource> = {};
    for (const { id, accepts } of this.#tool.inputs) {
      const source = await agentSource(input[id], accepts);
      if (source) inputs[id] = source;
    }
    const typed = (id: string) => {
      const value = input[id];
      return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : '';
    };
    const values = Object.fromEntries(this.#tool.fields.map(field => [field.id, typed(field.id)]));
    const row = { ...newRow(inputs), start: typed('start'), end: typed('end') };
    return { tool: this.#tool.id, rows: [row], values };
  }

  /** Fills in missing clip times. By default, the clip is the entire recording, up to the tool's limit. */
  #completed(draft: Draft, facts: InputFacts): Draft {
    const rule = this.#tool.clip;
    if (!rule) return draft;
    const limit = rule.limitSeconds(readValues(this.#tool, draft.values));
    const rows = draft.rows.map(row => {
      const source = row.inputs[rule.input];
      const seconds = (source && facts.lookup(source)?.info?.seconds) ?? 0;
      const start = row.start || '0';
      const end = row.end || (seconds > 0 ? formatSeconds(Math.min(seconds, Number(start) + limit)) : '');
      return { ...row, start, end };
    });
    return { ...draft, rows };
  }

  /** Converts an error to one that tells the agent what to do. Unexpected errors are also logged. */
  #failure(error: unknown): Error {
    if (error instanceof vscode.CancellationError || error instanceof AgentError) return error;
    if (error instanceof HumanError) return new AgentError(plainText(translate(error.text), 2_000));
    this.#dependencies.log.error(error instanceof Error ? error : String(error));
    return new AgentError(text('error.unexpected'));
  }
}

/** The parts of a request that the user approves: the current version of the files, the clip, and the price. */
type Order = Pick<JobRequest, 'inputs' | 'seen' | 'clip' | 'estimate'>;

const orderOf = ({ inputs, seen, clip, estimate }: Order): Order => ({
  inputs,
  ...(seen && { seen }),
  ...(clip && { clip }),
  estimate,
});

function priceQuestion(tool: string, { credits, exact, from }: Price): string {
  if (from) return text('agent.confirmFrom', { tool, credits });
  if (!exact) return text('agent.confirm', { tool, credits });
  return text(credits === 0 ? 'agent.confirmFree' : 'agent.confirmExact', { tool, credits });
}

/** Returns a file's path relative to the workspace, or a URL's host and file name. */
const placeOf = (source: AssetSource): string =>
  source.kind === 'file'
    ? vscode.workspace.asRelativePath(vscode.Uri.parse(source.uri))
    : `${new URL(source.url).host}: ${nameOf(source)}`;

const describe = (
  problems: readonly { control: string; message: Parameters<typeof translate>[0] }[],
): string => problems.map(({ control, message }) => `${control}: ${translate(message)}`).join('\n');
