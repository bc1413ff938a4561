import {
  type AssetLookup,
  type CheckedDraft,
  checkDraft,
  type Draft,
  type DraftProblem,
} from '../shared/draft.ts';
import type { AssetSource } from '../shared/asset.ts';
import type { Message } from '../shared/message.ts';
import { type AssetView, type FormState, sourceKey } from '../shared/protocol.ts';
import type { Tool } from '../tools/tool.ts';
import { toolOf } from '../tools/index.ts';
import type { Formatter } from './formatter.ts';

/** Everything the sections render. */
export interface View {
  readonly host: FormState;
  readonly draft: Draft;
  readonly tool: Tool;
  readonly checked: CheckedDraft;
  readonly formatter: Formatter;
  /** The longest clip in seconds that the current options allow. */
  readonly clipLimit: number | undefined;
  readonly submitting: boolean;
  /** A failure that doesn't belong to a control. */
  readonly notice: Message | undefined;
  /** Problems that don't belong to a control, such as a folder that can't be written to. */
  readonly generalProblems: readonly Message[];
  asset(source: AssetSource | undefined): AssetView | undefined;
  /** The problem to show at a control now. None is shown while the control is being filled in for the first time. */
  problem(control: string, row?: string): Message | undefined;
  /** The problem at a control, whether it's shown or not. */
  anyProblem(control: string, row?: string): Message | undefined;
}

/** The page's state, from which the view is computed. */
export interface PageState {
  readonly host: FormState;
  readonly draft: Draft;
  readonly formatter: Formatter;
  readonly submitting: boolean;
  readonly notice: Message | undefined;
  /** Problems that the host found when the form was submitted. */
  readonly submitProblems: readonly DraftProblem[];
  /** Whether the user has tried to submit the form. If so, every problem is shown. */
  readonly attempted: boolean;
  /** Controls that have lost focus, by {@link controlKey}. */
  readonly touched: ReadonlySet<string>;
  /** The control that has focus. */
  readonly editing: string | undefined;
}

export const controlKey = (control: string, row?: string) => `${row ?? ''}\n${control}`;

/** Looks up the host's information about the chosen files. */
export const lookupIn =
  (host: FormState): AssetLookup =>
  source => {
    const asset = host.assets[sourceKey(source)];
    if (asset?.status === 'ready') return asset.info && { info: asset.info };
    return asset?.status === 'problem' ? { problem: asset.message } : undefined;
  };

export function viewOf(state: PageState): View {
  const { host, draft, formatter, submitting, notice, submitProblems } = state;
  const tool = toolOf(draft.tool);
  const checked = checkDraft(tool, draft, lookupIn(host), host.account.plan);
  const all = [...submitProblems, ...checked.problems];
  const find = (control: string, row?: string) =>
    all.find(problem => problem.control === control && problem.row === row);
  return {
    host,
    draft,
    tool,
    checked,
    formatter,
    submitting,
    notice,
    clipLimit: tool.clip?.limitSeconds(checked.values),
    generalProblems: all.filter(problem => !hasControl(tool, problem)).map(({ message }) => message),
    asset: source => source && host.assets[sourceKey(source)],
    anyProblem: (control, row) => find(control, row)?.message,
    problem: (control, row) => {
      const problem = find(control, row);
      return problem && isDue(problem, tool, state) ? problem.message : undefined;
    },
  };
}

function isDue(problem: DraftProblem, tool: Tool, state: PageState): boolean {
  const { draft, submitProblems, attempted, touched, editing } = state;
  if (waitsForInput(tool, draft, problem)) return false;
  const key = controlKey(problem.control, problem.row);
  return (
    attempted ||
    submitProblems.includes(problem) ||
    touched.has(key) ||
    (editing !== key && isFilled(draft, problem))
  );
}

/** Whether the control has a value. If it does, its problem isn't just that it's empty. */
function isFilled(draft: Draft, { control, row: id }: DraftProblem): boolean {
  const row = draft.rows.find(candidate => candidate.id === id);
  if (!row) return (draft.values[control] ?? '') !== '';
  if (control === 'start' || control === 'end') return row[control] !== '';
  return row.inputs[control] !== undefined;
}

/** While the audio file is missing, empty times aren't reported: the missing file is the problem to fix first. */
function waitsForInput(tool: Tool, draft: Draft, problem: DraftProblem): boolean {
  if (!tool.clip || (problem.control !== 'start' && problem.control !== 'end')) return false;
  const row = draft.rows.find(({ id }) => id === problem.row);
  return row !== undefined && row[problem.control] === '' && !row.inputs[tool.clip.input];
}

function hasControl(tool: Tool, { control }: DraftProblem): boolean {
  const clip = tool.clip ? ['start', 'end'] : [];
  return [...tool.inputs.map(({ id }) => id), ...tool.fields.map(({ id }) => id), ...clip].includes(control);
}
