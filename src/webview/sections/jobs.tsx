import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';
import type { FormJob, ResultView } from '../../shared/protocol.ts';
import { moveFocus } from '../focus.ts';
import { Icon } from '../icon.tsx';
import { attentionOf, isRunning } from '../jobState.ts';
import type { View } from '../view.ts';
import { iconOf, Job, phaseOf, phaseText, Progress } from './job.tsx';
import { TilePreview } from './media.tsx';
import { usePage } from './pageContext.ts';
import { Result } from './result.tsx';

interface JobsProps {
  readonly view: View;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

/** A job without results, or one of a job's results. */
interface Item {
  readonly key: string;
  readonly job: FormJob;
  readonly index: number;
  readonly result: ResultView | undefined;
}

const itemsOf = (jobs: readonly FormJob[]): Item[] =>
  jobs.flatMap(job =>
    (job.results.length > 0 ? job.results : [undefined]).map((result, index) => ({
      key: `${job.id} ${index}`,
      job,
      index,
      result,
    })),
  );

/** The form's jobs, from submission to result. */
export function Jobs({ view, heading }: JobsProps) {
  const { actions, announce } = usePage();
  const { text } = view.formatter;
  const { jobs } = view.host;
  const hasEnded = !jobs.some(isRunning);
  const items = itemsOf(jobs);
  const section = useRef<HTMLElement>(null);
  const [, tick] = useReducer<number, void>(count => count + 1, 0);
  const now = Date.now();
  useEffect(() => {
    if (hasEnded) return undefined;
    const timer = setInterval(() => tick(), 1000);
    return () => clearInterval(timer);
  }, [hasEnded]);

  // Moves focus to the outcome, unless the user is working elsewhere in VS Code or viewing a result.
  useLayoutEffect(() => {
    const { activeElement, body } = document;
    const waits = section.current?.contains(activeElement) || activeElement === body;
    if (hasEnded && waits && !activeElement?.closest('.large')) moveFocus(heading.current);
  }, [hasEnded]);

  // Announces each phase once, not every percentage change.
  const announced = useRef(new Map<string, string>());
  useLayoutEffect(() => {
    const phases = new Map(jobs.map(job => [job.id, phaseOf(job)] as const));
    const changed = jobs.filter(job => announced.current.get(job.id) !== phases.get(job.id));
    announced.current = phases;
    if (changed.length > 0) announce(changed.map(job => spokenText(view, job)).join(' '));
  });

  const createAnother = (
    <button type="button" class="secondary" onClick={() => void actions.createAnother()}>
      {text('form.createAnother')}
    </button>
  );
  const [only] = items;
  return (
    <section class="progress" ref={section}>
      <h2 class="stage" tabIndex={-1} ref={heading}>
        {headingText(view)}
      </h2>
      {only && items.length === 1 ? (
        <Detail view={view} item={only} now={now}>
          {createAnother}
        </Detail>
      ) : (
        <Batch view={view} items={items} now={now}>
          {createAnother}
        </Batch>
      )}
    </section>
  );
}

interface DetailProps {
  readonly view: View;
  readonly item: Item;
  readonly now: number;
  readonly children?: ComponentChildren;
}

const Detail = ({ view, item: { job, index, result }, now, children }: DetailProps) =>
  result ? (
    <Result view={view} job={job} index={index} result={result}>
      {children}
    </Result>
  ) : (
    <Job view={view} job={job} now={now}>
      {children}
    </Job>
  );

interface BatchProps {
  readonly view: View;
  readonly items: readonly Item[];
  readonly now: number;
  /** More buttons, shown after those of the jobs. */
  readonly children: ComponentChildren;
}

/** Several jobs or results in a grid. Each one can be opened in a large view. */
function Batch({ view, items, now, children }: BatchProps) {
  const [openKey, setOpenKey] = useState<string>();
  const grid = useRef<HTMLUListElement>(null);
  const closed = useRef<string | undefined>(undefined);
  const open = items.findIndex(({ key }) => key === openKey);
  const item = items[open];
  useLayoutEffect(() => {
    if (item || closed.current === undefined) return;
    const key = CSS.escape(closed.current);
    closed.current = undefined;
    grid.current?.querySelector<HTMLElement>(`[data-item="${key}"]`)?.focus();
  });
  if (item)
    return (
      <Large
        view={view}
        items={items}
        open={open}
        now={now}
        onOpen={setOpenKey}
        onClose={() => {
          closed.current = item.key;
          setOpenKey(undefined);
        }}
      >
        {children}
      </Large>
    );
  const attention = attentionOf(view.host.jobs);
  const cards = (shown: typeof attention) =>
    shown.length > 0 && (
      <ul class="jobs">
        {shown.map(({ job, count }) => (
          <li key={job.id}>
            <Job view={view} job={job} now={now} count={count} />
          </li>
        ))}
      </ul>
    );
  return (
    <>
      {cards(attention.filter(({ job }) => job.blocked))}
      <ul class="grid" ref={grid}>
        {items.map(item => (
          <Tile key={item.key} view={view} item={item} now={now} onOpen={() => setOpenKey(item.key)} />
        ))}
      </ul>
      {cards(attention.filter(({ job }) => !job.blocked))}
      <div class="job-actions">{children}</div>
    </>
  );
}

interface TileProps {
  readonly view: View;
  readonly item: Item;
  readonly now: number;
  readonly onOpen: () => void;
}

function Tile({ view, item: { key, job, result }, now, onOpen }: TileProps) {
  const name = result?.name ?? job.title;
  const id = `tile-${key.replaceAll(' ', '-')}`;
  return (
    <li class="tile" data-phase={phaseOf(job)}>
      <TilePreview view={view} job={job} result={result} />
      <span class="tile-name" id={id} dir="auto">
        {name}
      </span>
      <span class="phase" id={`${id}-phase`}>
        <Icon name={result?.kind === 'video' ? 'play' : iconOf(job)} />
        {phaseText(view.formatter, job, now)}
      </span>
      <Progress view={view} job={job} now={now} labelId={id} />
      <button
        type="button"
        class="choice"
        data-item={key}
        aria-labelledby={id}
        aria-describedby={`${id}-phase`}
        onClick={onOpen}
      />
    </li>
  );
}

interface LargeProps extends BatchProps {
  /** Index of the item that is shown. */
  readonly open: number;
  readonly onOpen: (key: string) => void;
  readonly onClose: () => void;
}

/** One item of a batch, as large as fits. The arrow keys go to the other items, and Escape returns to the grid. */
function Large({ view, items, open, now, onOpen, onClose, children }: LargeProps) {
  const { announce } = usePage();
  const { text } = view.formatter;
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), []);
  const item = items[open];
  if (!item) return null;
  const count = items.length;
  const nameOf = ({ result, job }: Item) => result?.name ?? job.title;
  const move = (by: number) => {
    const next = items[(open + by + count) % count];
    if (!next) return;
    onOpen(next.key);
    const position = text('form.rowOf', { index: ((open + by + count) % count) + 1, count });
    announce(`${nameOf(next)}, ${position}`);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // The slider and the player handle the arrow keys themselves.
    if (event.target instanceof Element && event.target.closest('input, video')) return;
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const forward = view.formatter.direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
    const back = view.formatter.direction === 'rtl' ? 'ArrowRight' : 'ArrowLeft';
    if (event.key === forward) move(1);
    else if (event.key === back) move(-1);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  return (
    <div class="large" onKeyDown={onKeyDown}>
      <div class="large-head">
        <button type="button" class="secondary" onClick={onClose}>
          {text('form.showAll', { count })}
        </button>
        <h3 tabIndex={-1} ref={title}>
          {text('form.rowOf', { index: open + 1, count })}
        </h3>
        <div class="tools">
          <MoveButton icon="previous" label={text('form.previous')} onClick={() => move(-1)} />
          <MoveButton icon="next" label={text('form.next')} onClick={() => move(1)} />
        </div>
      </div>
      <Detail key={item.key} view={view} item={item} now={now}>
        {children}
      </Detail>
    </div>
  );
}

interface MoveButtonProps {
  readonly icon: 'previous' | 'next';
  readonly label: string;
  readonly onClick: () => void;
}

const MoveButton = ({ icon, label, onClick }: MoveButtonProps) => (
  <button type="button" class="icon-button" title={label} onClick={onClick}>
    <Icon name={icon} />
    <span class="visually-hidden">{label}</span>
  </button>
);

function spokenText({ formatter: { text, message } }: View, job: FormJob): string {
  const reason = job.blocked?.message ?? job.failure?.message;
  return text('form.jobSays', {
    title: job.title,
    phase: reason ? message(reason) : text(`phase.${job.phase}`),
  });
}

function headingText({ formatter: { text }, host: { jobs } }: View): string {
  const count = jobs.length;
  const saved = jobs.filter(({ phase }) => phase === 'saved').length;
  const failed = jobs.filter(({ phase }) => phase === 'failed').length;
  const [first] = jobs;
  if (jobs.some(({ blocked }) => blocked) && jobs.every(job => job.blocked || !isRunning(job)))
    return text('phase.blocked');
  if (count > 1 && (saved > 0 || jobs.some(isRunning))) {
    if (saved === count) return text('form.doneMany', { count });
    return failed > 0
      ? text('form.someFailed', { saved, count, failed })
      : text('form.doneSome', { saved, count });
  }
  switch (first?.phase) {
    case 'saved':
      return text('form.done');
    case 'unknown':
      return text('phase.unknown');
    case 'stopped':
      return text('phase.stopped');
    case 'failed':
      return text(first.resumable ? 'form.notFinished' : 'form.notCreated');
    default:
      return text('form.running');
  }
}
