import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { SuggestedAction } from '../../shared/message.ts';
import type { FormJob } from '../../shared/protocol.ts';
import type { Phase } from '../../shared/phase.ts';
import type { StringKey } from '../../shared/strings/index.ts';
import type { Actions } from '../actions.ts';
import { moveFocus } from '../focus.ts';
import type { Formatter } from '../formatter.ts';
import { Icon, type IconName } from '../icon.tsx';
import { remaining } from '../remaining.ts';
import type { View } from '../view.ts';
import { usePage } from './pageContext.ts';
import { Result } from './result.tsx';

const ends: ReadonlySet<Phase> = new Set(['saved', 'failed', 'stopped', 'unknown']);
export const isRunning = (job: FormJob): boolean => !ends.has(job.phase);

interface JobProps {
  readonly view: View;
  readonly job: FormJob;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** One job: its progress, what it waits for, and how it ended. */
export function Job({ view, job, now }: JobProps) {
  const { actions } = usePage();
  const { formatter } = view;
  const { text, message, clock } = formatter;
  const id = useId();
  const running = isRunning(job);
  const told = job.blocked?.message ?? job.failure?.message;
  const percent = job.fraction === undefined ? undefined : Math.round(job.fraction * 100);
  const hint = job.blocked ? undefined : hintText(formatter, job, now);
  const charged = chargedText(formatter, job);
  const choices = choicesFor(job, actions);

  // If the focused button disappears, the focus goes to the one that takes its place.
  const buttons = useRef<HTMLDivElement>(null);
  const hadFocus = buttons.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (hadFocus && !buttons.current?.contains(document.activeElement))
      moveFocus(buttons.current?.querySelector('button'));
  });

  return (
    <li class="job" data-job={job.id}>
      <div class="job-head" data-phase={job.blocked ? 'blocked' : job.phase}>
        <Icon name={icons[job.blocked ? 'unknown' : job.phase] ?? 'info'} />
        <h3 class="file-name" id={id} dir="auto">
          {job.title}
        </h3>
        <span class="phase">{phaseText(formatter, job)}</span>
        {running && <span class="time">{clock((now - job.createdAt) / 1000)}</span>}
      </div>
      {running && !job.blocked && (
        <div
          class="track"
          role="progressbar"
          aria-labelledby={id}
          aria-valuenow={percent}
          data-endless={percent === undefined ? '' : undefined}
        >
          <span style={{ '--done': job.fraction ?? 0 }} />
        </div>
      )}
      {hint && <div class="hint">{hint}</div>}
      {(told || job.phase === 'unknown') && (
        <p class="message">{told ? message(told) : text('form.unknownQuestion')}</p>
      )}
      {job.failure?.serverWords && (
        <blockquote dir="auto">{text('form.serverSays', { words: job.failure.serverWords })}</blockquote>
      )}
      <div class="job-actions" ref={buttons}>
        {choices.map(({ label, primary, onClick }) => (
          <button
            key={label}
            type="button"
            class={primary ? 'primary' : 'secondary'}
            aria-describedby={id}
            onClick={onClick}
          >
            {text(label)}
          </button>
        ))}
      </div>
      {job.results.length > 0 && (
        <div class="results">
          {job.results.map((result, index) => (
            <Result key={index} view={view} job={job} index={index} result={result} />
          ))}
        </div>
      )}
      {charged && <div class="charged">{charged}</div>}
    </li>
  );
}

interface Choice {
  readonly label: StringKey;
  readonly primary?: boolean;
  readonly onClick: () => void;
}

function choicesFor(job: FormJob, actions: Actions): Choice[] {
  const run = (name: Parameters<typeof actions.job>[1]) => () => void actions.job(job.id, name);
  const help = (suggestedAction: SuggestedAction): Choice => ({
    label: suggestedActions[suggestedAction],
    primary: true,
    onClick: () => void actions.suggestedAction(suggestedAction, job.id),
  });
  if (job.blocked) return [help(job.blocked.suggestedAction), { label: 'form.stop', onClick: run('stop') }];
  if (isRunning(job)) return [{ label: 'form.stop', onClick: run('stop') }];
  if (job.phase === 'unknown')
    return [
      { label: 'form.answerMade', primary: true, onClick: () => void actions.answer(job.id, 'made') },
      { label: 'form.answerAgain', onClick: () => void actions.answer(job.id, 'createAgain') },
      { label: 'form.answerLeave', onClick: () => void actions.answer(job.id, 'giveUp') },
      { label: 'form.openLibrary', onClick: run('openLibrary') },
    ];
  if (job.phase === 'saved') return [];
  const suggestedAction = job.failure?.suggestedAction === 'retry' ? undefined : job.failure?.suggestedAction;
  return [
    ...(suggestedAction ? [help(suggestedAction)] : []),
    job.resumable
      ? { label: 'form.resume', primary: !suggestedAction, onClick: run('resume') }
      : { label: 'form.tryAgain', primary: !suggestedAction, onClick: run('retry') },
  ];
}

const icons: Partial<Record<Phase, IconName>> = {
  saved: 'check',
  failed: 'error',
  stopped: 'stopped',
  unknown: 'question',
};

const suggestedActions: Record<SuggestedAction, StringKey> = {
  setApiKey: 'form.setApiKey',
  buyCredits: 'form.buyCredits',
  openLibrary: 'form.openLibrary',
  openSettings: 'form.openSettings',
  chooseFolder: 'form.chooseFolder',
  showLog: 'form.showLog',
  retry: 'form.tryAgain',
};

function phaseText({ text, percent }: Formatter, job: FormJob): string {
  if (job.blocked) return text('phase.unknown');
  const phase = text(`phase.${job.phase}`);
  if (job.fraction === undefined || !isRunning(job)) return phase;
  return text('form.phasePercent', { phase, percent: percent(job.fraction) });
}

/** What keeps failing and is retried, or else how long it takes. */
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

function chargedText({ text }: Formatter, job: FormJob): string | undefined {
  if (job.charged === undefined || !ends.has(job.phase)) return undefined;
  if (job.charged === job.estimate || job.phase !== 'saved')
    return text('form.charged', { credits: job.charged });
  return text('form.chargedInstead', { credits: job.charged, estimate: job.estimate });
}
