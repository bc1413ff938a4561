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
import type { Words } from './words.ts';

/** Everything a section needs to show itself, of one moment. */
export interface View {
  readonly host: FormState;
  readonly draft: Draft;
  readonly tool: Tool;
  readonly checked: CheckedDraft;
  readonly words: Words;
  /** The longest clip in seconds for what is chosen. */
  readonly clipLimit: number | undefined;
  readonly submitting: boolean;
  /** A failure that belongs to no control. */
  readonly notice: Message | undefined;
  /** Mistakes that belong to no control of the page, such as a folder that cannot be written. */
  readonly strayProblems: readonly Message[];
  asset(source: AssetSource | undefined): AssetView | undefined;
  /** The mistake to show at a control now: not while it is being typed for the first time. */
  problem(control: string, row?: string): Message | undefined;
  /** The mistake at a control, shown or not. */
  hiddenProblem(control: string, row?: string): Message | undefined;
}

/** What the page knows, from which everything that is shown follows. */
export interface PageState {
  readonly host: FormState;
  readonly draft: Draft;
  readonly words: Words;
  readonly submitting: boolean;
  readonly notice: Message | undefined;
  /** What the host found when the button was pressed. */
  readonly submitProblems: readonly DraftProblem[];
  /** The button was pressed: from now on every mistake is shown. */
  readonly attempted: boolean;
  /** Controls that were left, by {@link controlKey}. */
  readonly touched: ReadonlySet<string>;
  /** The control that has the focus. */
  readonly editing: string | undefined;
}

export const controlKey = (control: string, row?: string) => `${row ?? ''}\n${control}`;

/** What the host found out about the files that are chosen. */
export const lookupIn =
  (host: FormState): AssetLookup =>
  source => {
    const asset = host.assets[sourceKey(source)];
    if (asset?.status === 'ready') return asset.info && { info: asset.info };
    return asset?.status === 'problem' ? { problem: asset.message } : undefined;
  };

/** What the page shows. */
export function viewOf(state: PageState): View {
  const { host, draft, words, submitting, notice, submitProblems } = state;
  const tool = toolOf(draft.tool);
  const checked = checkDraft(tool, draft, lookupIn(host));
  const all = [...submitProblems, ...checked.problems];
  const find = (control: string, row?: string) =>
    all.find(problem => problem.control === control && problem.row === row);
  return {
    host,
    draft,
    tool,
    checked,
    words,
    submitting,
    notice,
    clipLimit: tool.clip?.limitSeconds(checked.values),
    strayProblems: all.filter(problem => !hasControl(tool, problem)).map(({ message }) => message),
    asset: source => source && host.assets[sourceKey(source)],
    hiddenProblem: (control, row) => find(control, row)?.message,
    problem: (control, row) => {
      const problem = find(control, row);
      return problem && isTimely(problem, tool, state) ? problem.message : undefined;
    },
  };
}

function isTimely(problem: DraftProblem, tool: Tool, state: PageState): boolean {
  const { draft, submitProblems, attempted, touched, editing } = state;
  if (awaitsInput(tool, draft, problem)) return false;
  const key = controlKey(problem.control, problem.row);
  return (
    attempted ||
    submitProblems.includes(problem) ||
    touched.has(key) ||
    (editing !== key && isFilled(draft, problem))
  );
}

/** There is something at the control that can be wrong, other than its being empty. */
function isFilled(draft: Draft, { control, row: id }: DraftProblem): boolean {
  const row = draft.rows.find(candidate => candidate.id === id);
  if (!row) return (draft.values[control] ?? '') !== '';
  if (control === 'start' || control === 'end') return row[control] !== '';
  return row.inputs[control] !== undefined;
}

/** Without a recording, empty times are no mistake of their own: the missing recording is told. */
function awaitsInput(tool: Tool, draft: Draft, problem: DraftProblem): boolean {
  if (!tool.clip || (problem.control !== 'start' && problem.control !== 'end')) return false;
  const row = draft.rows.find(({ id }) => id === problem.row);
  return row !== undefined && row[problem.control] === '' && !row.inputs[tool.clip.input];
}

function hasControl(tool: Tool, { control }: DraftProblem): boolean {
  const clip = tool.clip ? ['start', 'end'] : [];
  return [...tool.inputs.map(({ id }) => id), ...tool.fields.map(({ id }) => id), ...clip].includes(control);
}
