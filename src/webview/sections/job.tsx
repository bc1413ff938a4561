import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { JobAction } from '../../shared/jobAction.ts';
import type { FormJob } from '../../shared/protocol.ts';
import { estimateProgress } from '../../shared/progress.ts';
import type { Phase } from '../../shared/phase.ts';
import { moveFocus } from '../focus.ts';
import type { Formatter } from '../formatter.ts';
import { Icon, type IconName } from '../icon.tsx';
import { isRunning } from '../jobState.ts';
import { remaining } from '../remaining.ts';
import type { View } from '../view.ts';
import { JobInputs } from './media.tsx';
import { usePage } from './pageContext.ts';

/** Actions that aren't offered here, because the Jobs view has them. */
const elsewhere: ReadonlySet<JobAction> = new Set(['deleteOnServer', 'copyId', 'remove']);
/** Actions that are offered only as the primary action. */
const onlyFirst: ReadonlySet<JobAction> = new Set(['createAgain', 'openLibrary']);

interface JobProps {
  readonly view: View;
  readonly job: FormJob;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** If greater than 1, `job` stands for this many jobs that wait for the same action. */
  readonly count?: number;
  /** More buttons, shown after the job's own. */
  readonly children?: ComponentChildren;
}

/** A job without a result: its inputs, its progress or outcome, and the available actions. */
export function Job({ view, job, now, count = 1, children }: JobProps) {
  const { actions } = usePage();
  const { formatter } = view;
  const { text, message, clock } = formatter;
  const id = useId();
  const running = isRunning(job);
  const reason = job.blocked?.message ?? job.failure?.message;
  const hint = job.blocked ? undefined : hintText(formatter, job, now);
  const offered = job.actions.filter(
    (action, index) => !elsewhere.has(action) && (index === 0 || (count === 1 && !onlyFirst.has(action))),
  );

  // If the focused button disappears, focus moves to the first of the remaining buttons.
  const buttons = useRef<HTMLDivElement>(null);
  const hadFocus = buttons.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (hadFocus && !buttons.current?.contains(document.activeElement))
      moveFocus(buttons.current?.querySelector('button'));
  });
  const button = (key: string, label: string, isFirst: boolean, onClick: () => void) => (
    <button
      key={key}
      type="button"
      class={isFirst && (!running || job.blocked) ? 'primary' : 'secondary'}
      aria-describedby={id}
      onClick={onClick}
    >
      {label}
    </button>
  );

  return (
    <div class="job" data-job={job.id}>
      {count === 1 && <JobInputs view={view} job={job} />}
      <div class="job-body">
        <div class="job-head" data-phase={phaseOf(job)}>
          <Icon name={iconOf(job)} />
          <h3 class="file-name" id={id} dir="auto">
            {count === 1 ? job.title : text('form.jobCount', { count })}
          </h3>
          {/* The outcome is shown only once, in the heading or the tile. */}
          {running && !job.blocked && (
            <>
              <span class="phase">{phaseText(formatter, job, now)}</span>
              <span class="time">{clock((now - job.createdAt) / 1000)}</span>
            </>
          )}
        </div>
        <Progress view={view} job={job} now={now} labelId={id} />
        {hint && <div class="hint">{hint}</div>}
        {(reason || job.phase === 'unknown') && (
          <p class="message">{reason ? message(reason) : text('form.unknownQuestion')}</p>
        )}
        {job.failure?.serverWords && (
          <blockquote dir="auto">{text('form.serverSays', { words: job.failure.serverWords })}</blockquote>
        )}
        {!running && job.charged !== undefined && (
          <div class="charged">{text('form.charged', { credits: job.charged })}</div>
        )}
        <div class="job-actions" ref={buttons}>
          {offered.flatMap((action, index) =>
            action === 'answer'
              ? [
                  button(
                    'created',
                    text('form.answerCreated'),
                    index === 0,
                    () => void actions.answer(job.id, 'created'),
                  ),
                  button(
                    'again',
                    text('form.answerAgain'),
                    false,
                    () => void actions.answer(job.id, 'createAgain'),
                  ),
                  button(
                    'dismiss',
                    text('form.answerDismiss'),
                    false,
                    () => void actions.answer(job.id, 'dismiss'),
                  ),
                ]
              : [
                  button(
                    action,
                    text(action === 'stop' && job.projectId ? 'action.stopWaiting' : `action.${action}`),
                    index === 0,
                    () => void actions.job(job.id, action),
                  ),
                ],
          )}
          {children}
        </div>
      </div>
    </div>
  );
}

interface ProgressProps {
  readonly view: View;
  readonly job: FormJob;
  readonly now: number;
  readonly labelId: string;
}

/** The estimated progress of a running job. */
export function Progress({ view, job, now, labelId }: ProgressProps) {
  const done = job.blocked ? undefined : estimateProgress(job, now);
  if (done === undefined) return null;
  return (
    <div
      class="track"
      role="progressbar"
      aria-labelledby={labelId}
      aria-valuenow={Math.floor(done * 100)}
      aria-valuetext={view.formatter.text('form.aboutPercent', { percent: view.formatter.percent(done) })}
    >
      <span style={{ '--done': done }} />
    </div>
  );
}

const icons: Partial<Record<Phase, IconName>> = {
  saved: 'check',
  failed: 'error',
  stopped: 'stopped',
  unknown: 'question',
};

/** The phase that determines colors and icons. */
export const phaseOf = (job: FormJob) => (job.blocked ? 'blocked' : job.phase);

export const iconOf = (job: FormJob): IconName => icons[job.blocked ? 'unknown' : job.phase] ?? 'running';

/** For example, `Rendering… 40%`. */
export function phaseText({ text, percent }: Formatter, job: FormJob, now: number): string {
  if (job.blocked) return text('phase.blocked');
  const phase = text(`phase.${job.phase}`);
  const done = estimateProgress(job, now);
  return done ? text('form.phasePercent', { phase, percent: percent(done) }) : phase;
}

/** The phase that keeps failing and is being retried, or else the expected time. */
function hintText(formatter: Formatter, job: FormJob, now: number): string | undefined {
  const { text, message } = formatter;
  if (!job.trouble) return remainingText(formatter, job, now);
  const phase = text('phase.trouble', { phase: text(`phase.${job.phase}`) });
  return `${phase} – ${message(job.trouble)}`;
}

function remainingText({ text, roughly }: Formatter, job: FormJob, now: number): string | undefined {
  const time = remaining(job, now);
  switch (time?.kind) {
    case 'left':
      return text('form.timeLeft', { time: roughly(time.seconds) });
    case 'late':
      return text('form.timeLate', { time: roughly(time.usual) });
    case 'usual':
      return text('form.timeUsual', { time: roughly(time.usual) });
    case undefined:
      return undefined;
  }
}
