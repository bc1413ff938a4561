import type { FormJob } from '../../shared/protocol.ts';
import { h, KeyedList, setText } from '../dom.ts';
import { moveFocus } from '../keepFocus.ts';
import type { View } from '../view.ts';
import { isAtWork, jobPart } from './job.ts';
import type { Page } from './part.ts';

/** From submission to result: the jobs that this form began. */
export function jobsSection(page: Page) {
  const { words, actions, store } = page;
  const heading = h('h2', { tabindex: '-1', class: 'stage' });
  const list = h('ul', { class: 'jobs' });
  const jobs = new KeyedList<FormJob, ReturnType<typeof jobPart>>(list, job => jobPart(page, job));
  const another = h(
    'button',
    { type: 'button', class: 'secondary', onclick: () => void actions.createAnother() },
    words.text('form.createAnother'),
  );
  const element = h(
    'section',
    { class: 'progress' },
    heading,
    list,
    h('div', { class: 'job-actions' }, another),
  );
  let said = new Map<string, string>();
  let ended = false;
  let ticking: number | undefined;

  const tick = (view: View) => {
    const active = view.host.jobs.some(isAtWork);
    if (active && ticking === undefined) ticking = window.setInterval(() => update(store.view), 1000);
    if (!active && ticking !== undefined) {
      window.clearInterval(ticking);
      ticking = undefined;
    }
  };

  const update = (view: View) => {
    const all = view.host.jobs;
    const active = all.filter(isAtWork).length;
    const saved = all.filter(({ phase }) => phase === 'saved').length;
    setText(heading, headline(view, active, saved));
    jobs.update(
      all,
      job => job.id,
      (part, job) => part.update(view, job, Date.now()),
    );
    tellPhases(view);
    tick(view);
    const nowEnded = all.length > 0 && active === 0;
    // Only those who wait here are taken along: who works elsewhere keeps the focus.
    const waits = element.contains(document.activeElement) || document.activeElement === document.body;
    if (nowEnded && !ended && waits) moveFocus(heading);
    ended = nowEnded;
  };

  /** Each phase is said once, not each percent. */
  function tellPhases(view: View): void {
    const phases = new Map(view.host.jobs.map(job => [job.id, job.blocked ? 'blocked' : job.phase] as const));
    const news = view.host.jobs.filter(job => said.get(job.id) !== phases.get(job.id));
    said = phases;
    const texts = news.map(job => {
      const told = job.blocked?.message ?? job.failure?.message;
      const phase = words.text(`phase.${job.phase}`);
      return words.text('form.jobSays', { title: job.title, phase: told ? words.message(told) : phase });
    });
    if (texts.length > 0) page.announce(texts.join(' '));
  }

  return { element, update, focus: () => moveFocus(heading) };
}

function headline({ words, host }: View, active: number, saved: number): string {
  const count = host.jobs.length;
  if (active > 0)
    return count > 1 ? words.text('form.runningMany', { saved, count }) : words.text('form.running');
  if (saved === count) return words.text(count > 1 ? 'form.doneMany' : 'form.done', { count });
  return saved > 0 ? words.text('form.doneSome', { saved, count }) : words.text('form.doneNone');
}
