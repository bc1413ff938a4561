import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef } from 'preact/hooks';
import { moveFocus } from '../focus.ts';
import type { View } from '../view.ts';
import { isRunning, Job } from './job.tsx';
import { usePage } from './pageContext.ts';

interface JobsProps {
  readonly view: View;
  readonly heading: RefObject<HTMLHeadingElement | null>;
}

/** The jobs of this form, from submission to result. */
export function Jobs({ view, heading }: JobsProps) {
  const { actions, announce } = usePage();
  const { text } = view.formatter;
  const { jobs } = view.host;
  const running = jobs.filter(isRunning).length;
  const hasEnded = running === 0;
  const section = useRef<HTMLElement>(null);
  const [, tick] = useReducer<number, void>(count => count + 1, 0);
  useEffect(() => {
    if (hasEnded) return undefined;
    const timer = setInterval(() => tick(), 1000);
    return () => clearInterval(timer);
  }, [hasEnded]);

  // The focus goes to the outcome, unless somebody works elsewhere in VS Code.
  useLayoutEffect(() => {
    const waits =
      section.current?.contains(document.activeElement) || document.activeElement === document.body;
    if (hasEnded && waits) moveFocus(heading.current);
  }, [hasEnded]);

  // Each phase is announced once, not every percent.
  const announced = useRef(new Map<string, string>());
  useLayoutEffect(() => {
    const phases = new Map(jobs.map(job => [job.id, job.blocked ? 'blocked' : job.phase] as const));
    const changed = jobs.filter(job => announced.current.get(job.id) !== phases.get(job.id));
    announced.current = phases;
    if (changed.length > 0) announce(changed.map(job => spokenText(view, job)).join(' '));
  });

  return (
    <section class="progress" ref={section}>
      <h2 class="stage" tabIndex={-1} ref={heading}>
        {headingText(view, running)}
      </h2>
      <ul class="jobs">
        {jobs.map(job => (
          <Job key={job.id} view={view} job={job} now={Date.now()} />
        ))}
      </ul>
      <div class="job-actions">
        <button type="button" class="secondary" onClick={() => void actions.createAnother()}>
          {text('form.createAnother')}
        </button>
      </div>
    </section>
  );
}

function spokenText({ formatter: { text, message } }: View, job: View['host']['jobs'][number]): string {
  const told = job.blocked?.message ?? job.failure?.message;
  return text('form.jobSays', {
    title: job.title,
    phase: told ? message(told) : text(`phase.${job.phase}`),
  });
}

function headingText({ formatter: { text }, host }: View, running: number): string {
  const count = host.jobs.length;
  const saved = host.jobs.filter(({ phase }) => phase === 'saved').length;
  if (running > 0) return count > 1 ? text('form.runningMany', { saved, count }) : text('form.running');
  if (saved === count) return text(count > 1 ? 'form.doneMany' : 'form.done', { count });
  return saved > 0 ? text('form.doneSome', { saved, count }) : text('form.doneNone');
}
