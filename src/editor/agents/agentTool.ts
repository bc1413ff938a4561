import * as vscode from 'vscode';
import { isEnded, type JobView } from '../../jobs/job.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Log } from '../../jobs/ports.ts';
import type { AssetSource } from '../../shared/asset.ts';
import type { Draft } from '../../shared/draft.ts';
import { HumanError } from '../../shared/message.ts';
import { formatSeconds } from '../../shared/seconds.ts';
import { checkDraft, readValues } from '../../shared/draft.ts';
import type { Tool } from '../../tools/tool.ts';
import { nameOf } from '../assetName.ts';
import { newRow } from '../form/draftRows.ts';
import { InputFacts } from '../form/inputFacts.ts';
import { LocalFiles } from '../form/localFiles.ts';
import { prepareSubmission } from '../form/submission.ts';
import { plainText } from '../plainText.ts';
import type { SignIn } from '../signIn.ts';
import { text, translate } from '../translate.ts';
import { agentSource } from './agentInput.ts';
import { jobReport, reply } from './jobReport.ts';
import type { SpendingGuard } from './spending.ts';

/** In words that an agent can act on. */
class AgentError extends Error {}

/** What an agent sends: a path or URL per input, `start` and `end` for a clip, and the tool's fields by id. */
type AgentInput = Readonly<Record<string, unknown>>;

export interface AgentParts {
  readonly jobs: Jobs;
  readonly signIn: SignIn;
  readonly spending: SpendingGuard;
  readonly log: Log;
  readonly temporaryFolder: (name: string) => string;
}

/** A Magic Hour tool as a language model tool: the same judge, runner and ledger as the form. */
export class AgentTool implements vscode.LanguageModelTool<AgentInput> {
  readonly #tool: Tool;
  readonly #parts: AgentParts;

  constructor(tool: Tool, parts: AgentParts) {
    this.#tool = tool;
    this.#parts = parts;
  }

  async prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<AgentInput>): Promise<vscode.PreparedToolInvocation> {
    const { price, sources } = await this.#with(input, async (draft, facts) => {
      await facts.renew(sourcesOf(this.#tool, draft));
      const { price, problems } = checkDraft(this.#tool, this.#completed(draft, facts), facts.lookup);
      // Nobody is asked to agree to what cannot be made.
      if (problems.length > 0) throw new AgentError(describe(problems));
      return { price, sources: sourcesOf(this.#tool, draft).map(({ source }) => source) };
    }).catch(error => {
      throw this.#failure(error);
    });
    const title = text(this.#tool.title);
    const message = new vscode.MarkdownString();
    message.appendText(`${text('agent.confirm', { tool: title, credits: price.credits })}\n`);
    for (const source of sources) message.appendText(`\n• ${nameOf(source)}`);
    return {
      invocationMessage: text('agent.running', { tool: title }),
      confirmationMessages: { title: text('agent.confirmTitle'), message },
    };
  }

  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<AgentInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    try {
      if (!vscode.workspace.isTrusted) throw new HumanError('agent.untrusted');
      const job = await this.#submit(input, token);
      return reply(jobReport(await this.#ended(job, token)));
    } catch (error) {
      throw this.#failure(error);
    }
  }

  #submit(input: AgentInput, token: vscode.CancellationToken): Promise<JobView> {
    return this.#with(input, async (draft, facts) => {
      await facts.renew(sourcesOf(this.#tool, draft));
      const submission = await prepareSubmission(this.#tool, this.#completed(draft, facts), facts);
      if ('problems' in submission) throw new AgentError(describe(submission.problems));
      if (!(await this.#parts.signIn.ensure())) throw new HumanError('editor.keyMissing');
      if (token.isCancellationRequested) throw new vscode.CancellationError();
      const requests = submission.requests.map(request => ({ ...request, agent: true }));
      const credits = requests.reduce((total, request) => total + request.estimate.credits, 0);
      const [job] = await this.#parts.spending.within(credits, () => this.#parts.jobs.submit(requests));
      if (!job) throw new Error('Nothing was submitted');
      return job;
    });
  }

  /** Waits for an end or a question. Cancelling stops the job: before the create nothing is made. */
  #ended(job: JobView, token: vscode.CancellationToken): Promise<JobView> {
    const { jobs } = this.#parts;
    return new Promise(resolve => {
      const look = () => {
        const now = jobs.get(job.id);
        if (now && (isEnded(now) || now.phase === 'unknown' || now.blocked)) finish(now);
      };
      const finish = (now: JobView) => {
        subscription.dispose();
        cancelled.dispose();
        resolve(now);
      };
      const subscription = jobs.onDidChange(look);
      const cancelled = token.onCancellationRequested(() => void jobs.stop(job.id));
      look();
    });
  }

  async #with<T>(input: AgentInput, use: (draft: Draft, facts: InputFacts) => Promise<T>): Promise<T> {
    const files = new LocalFiles(this.#parts.temporaryFolder(crypto.randomUUID()));
    try {
      return await use(await this.#draftOf(input), new InputFacts(files, this.#parts.log, () => undefined));
    } finally {
      await files.dispose();
    }
  }

  async #draftOf(input: AgentInput): Promise<Draft> {
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

  /** A clip that was not given is the whole recording, up to the limit. */
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

  /** In words that an agent can act on; bugs go to the log. */
  #failure(error: unknown): Error {
    if (error instanceof vscode.CancellationError || error instanceof AgentError) return error;
    if (error instanceof HumanError) return new AgentError(plainText(translate(error.text), 2_000));
    this.#parts.log.error(error instanceof Error ? error : String(error));
    return new AgentError(text('error.unexpected'));
  }
}

function sourcesOf(tool: Tool, draft: Draft) {
  return draft.rows.flatMap(row =>
    tool.inputs.flatMap(input => {
      const source = row.inputs[input.id];
      return source ? [{ source, kind: input.accepts }] : [];
    }),
  );
}

const describe = (
  problems: readonly { control: string; message: Parameters<typeof translate>[0] }[],
): string => problems.map(({ control, message }) => `${control}: ${translate(message)}`).join('\n');
