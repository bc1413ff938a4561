import type { SuggestedAction } from '../../shared/message.ts';
import type { FormJob } from '../../shared/protocol.ts';
import type { Phase } from '../../shared/phase.ts';
import type { StringKey } from '../../shared/strings/index.ts';
import { h, KeyedList, newId, setAttribute, setOptionalText, setText } from '../dom.ts';
import { moveFocus } from '../keepFocus.ts';
import { icon, type IconName, setIcon } from '../icons.ts';
import { remaining } from '../remaining.ts';
import type { View } from '../view.ts';
import type { Words } from '../words.ts';
import type { Page } from './part.ts';
import { resultPart } from './result.ts';

const ends: ReadonlySet<Phase> = new Set(['saved', 'failed', 'stopped', 'unknown']);
/** Somebody works on it: time passes, and it can be stopped. */
export const isAtWork = (job: FormJob): boolean => !ends.has(job.phase);

interface Choice {
  readonly label: StringKey;
  readonly primary?: boolean;
  readonly act: () => void;
}

/** One job: where it is, what it waits for, how it ended. */
export function jobPart(page: Page, first: FormJob) {
  const { words, actions } = page;
  const sign = icon('info');
  const title = h('h3', { class: 'file-name', id: newId('job'), dir: 'auto' }, first.title);
  const phase = h('span', { class: 'phase' });
  const time = h('span', { class: 'time' });
  const fill = h('span');
  const progress = h('div', { class: 'track', role: 'progressbar', 'aria-labelledby': title.id }, fill);
  const hint = h('div', { class: 'hint' });
  const message = h('p', { class: 'message' });
  const serverWords = h('blockquote', { dir: 'auto' });
  const charged = h('div', { class: 'charged' });
  const buttons = h('div', { class: 'job-actions' });
  const results = h('div', { class: 'results' });
  const parts = new KeyedList<{ index: number }, ReturnType<typeof resultPart>>(results, ({ index }) =>
    resultPart(page, first.id, index),
  );
  let choices = '';

  const setChoices = (wanted: readonly Choice[]) => {
    const key = wanted.map(({ label }) => label).join('\n');
    if (key === choices) return;
    const held = buttons.contains(document.activeElement);
    choices = key;
    buttons.replaceChildren(
      ...wanted.map(({ label, primary, act }) =>
        h(
          'button',
          {
            type: 'button',
            class: primary ? 'primary' : 'secondary',
            onclick: act,
            'aria-describedby': title.id,
          },
          words.text(label),
        ),
      ),
    );
    // The pressed button is gone: the keyboard goes on with what took its place.
    if (held) moveFocus(buttons.querySelector('button'));
  };

  return {
    element: h(
      'li',
      { class: 'job', 'data-job': first.id },
      h('div', { class: 'job-head' }, sign, title, phase, time),
      progress,
      hint,
      message,
      serverWords,
      buttons,
      results,
      charged,
    ),
    update(view: View, job: FormJob, now: number) {
      const works = isAtWork(job);
      const told = job.blocked?.message ?? job.failure?.message;
      setAttribute(title.parentElement as Element, 'data-phase', job.blocked ? 'blocked' : job.phase);
      setIcon(sign, signs[job.blocked ? 'unknown' : job.phase] ?? 'info');
      setText(phase, phaseText(words, job));
      setOptionalText(time, works ? words.clock((now - job.createdAt) / 1000) : undefined);
      progress.hidden = !works || job.blocked !== undefined;
      const percent = job.fraction === undefined ? undefined : Math.round(job.fraction * 100);
      setAttribute(progress, 'aria-valuenow', percent);
      setAttribute(progress, 'data-endless', percent === undefined);
      fill.style.setProperty('--done', String(job.fraction ?? 0));
      setOptionalText(hint, job.blocked ? undefined : hintText(words, job, now));
      setOptionalText(
        message,
        told ? words.message(told) : job.phase === 'unknown' ? words.text('form.unknownQuestion') : undefined,
      );
      setOptionalText(
        serverWords,
        job.failure?.serverWords && words.text('form.serverSays', { words: job.failure.serverWords }),
      );
      setOptionalText(charged, chargedText(words, job));
      setChoices(choicesFor(job));
      parts.update(
        job.results.map((_, index) => ({ index })),
        ({ index }) => String(index),
        (part, { index }) => part.update(view, job, index),
      );
    },
    dispose: () => parts.clear(),
  };

  function choicesFor(job: FormJob): Choice[] {
    const act = (name: Parameters<typeof actions.job>[1]) => () => void actions.job(job.id, name);
    const help = (suggestedAction: SuggestedAction): Choice => ({
      label: suggestedActions[suggestedAction],
      primary: true,
      act: () => void actions.suggestedAction(suggestedAction, job.id),
    });
    if (job.blocked) return [help(job.blocked.suggestedAction), { label: 'form.stop', act: act('stop') }];
    if (isAtWork(job)) return [{ label: 'form.stop', act: act('stop') }];
    if (job.phase === 'unknown')
      return [
        { label: 'form.answerMade', primary: true, act: () => void actions.answer(job.id, 'made') },
        { label: 'form.answerAgain', act: () => void actions.answer(job.id, 'createAgain') },
        { label: 'form.answerLeave', act: () => void actions.answer(job.id, 'giveUp') },
        { label: 'form.openLibrary', act: act('openLibrary') },
      ];
    if (job.phase === 'saved') return [];
    const suggestedAction =
      job.failure?.suggestedAction === 'retry' ? undefined : job.failure?.suggestedAction;
    return [
      ...(suggestedAction ? [help(suggestedAction)] : []),
      job.resumable
        ? { label: 'form.resume', primary: !suggestedAction, act: act('resume') }
        : { label: 'form.tryAgain', primary: !suggestedAction, act: act('retry') },
    ];
  }
}

const signs: Partial<Record<Phase, IconName>> = {
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

function phaseText(words: Words, job: FormJob): string {
  if (job.blocked) return words.text('phase.unknown');
  const phase = words.text(`phase.${job.phase}`);
  if (job.fraction === undefined || !isAtWork(job)) return phase;
  return words.text('form.phasePercent', { phase, percent: words.percent(job.fraction) });
}

/** What is in the way, with that it is tried again; else how long it takes. */
function hintText(words: Words, job: FormJob, now: number): string | undefined {
  if (!job.trouble) return remainingText(words, job, now);
  const phase = words.text('phase.trouble', { phase: words.text(`phase.${job.phase}`) });
  return `${phase} – ${words.message(job.trouble)}`;
}

function remainingText(words: Words, job: FormJob, now: number): string | undefined {
  const told = remaining(job, now);
  switch (told?.kind) {
    case 'left':
      return words.text('form.timeLeft', { time: words.roughly(told.seconds) });
    case 'late':
      return words.text('form.timeLate', { time: words.roughly(told.usual) });
    case 'usual':
      return words.text('form.timeUsual', { time: words.roughly(told.usual) });
    case undefined:
      return undefined;
  }
}

function chargedText(words: Words, job: FormJob): string | undefined {
  if (job.charged === undefined || !ends.has(job.phase)) return undefined;
  if (job.charged === job.estimate || job.phase !== 'saved')
    return words.text('form.charged', { credits: job.charged });
  return words.text('form.chargedInstead', { credits: job.charged, estimate: job.estimate });
}
