import { type ComponentChild, render } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { moveFocus, restoreFocus } from './focus.ts';
import { Icon } from './icon.tsx';
import { Bar, submit } from './sections/bar.tsx';
import { Fields } from './sections/fields.tsx';
import { Jobs } from './sections/jobs.tsx';
import { type Page, PageContext, usePage } from './sections/pageContext.ts';
import { Presets } from './sections/presets.tsx';
import { Rows } from './sections/rows.tsx';
import type { View } from './view.ts';

/** Renders the page now and whenever the store changes. */
export function mountPage(root: HTMLElement, page: Page): void {
  const { locale, direction } = page.store.view.formatter;
  document.documentElement.lang = locale;
  document.documentElement.dir = direction;
  restoreFocus();
  let isRendering = false;
  let isStale = false;
  const update = () => {
    isStale = true;
    // Removing the focused control blurs it, which changes the store during rendering.
    if (isRendering) return;
    isRendering = true;
    try {
      while (isStale) {
        isStale = false;
        const { view } = page.store;
        render(
          <PageContext.Provider value={page}>
            <App key={view.tool.id} view={view} />
          </PageContext.Provider>,
          root,
        );
      }
    } finally {
      isRendering = false;
    }
  };
  page.store.onChange(update);
  update();
}

function App({ view }: { readonly view: View }) {
  const page = usePage();
  const { text, message } = view.formatter;
  const isSubmitted = view.host.jobs.length > 0;
  const title = useRef<HTMLHeadingElement>(null);
  const jobsHeading = useRef<HTMLHeadingElement>(null);
  // A hidden form keeps its controls but isn't rerendered on every job update.
  const form = useRef<ComponentChild>(null);
  if (!isSubmitted)
    form.current = (
      <>
        <div class="columns" data-inputs={view.tool.inputs.length}>
          <Rows view={view} />
          <div class="options">
            <Fields view={view} />
            <Presets view={view} />
          </div>
        </div>
        <Bar view={view} />
      </>
    );

  // Moves focus into the page when it opens, and to the form or the jobs when one replaces the other.
  useLayoutEffect(() => moveFocus(isSubmitted ? jobsHeading.current : title.current), [isSubmitted]);
  useEffect(() => {
    if (isSubmitted) return undefined;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      submit(page);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [isSubmitted]);

  return (
    <main>
      <h1 tabIndex={-1} ref={title}>
        {text(view.tool.title)}
      </h1>
      <div class="notice" role="alert" hidden={!view.notice}>
        <Icon name="error" />
        <span>{view.notice && message(view.notice)}</span>
        <button type="button" class="link" onClick={() => page.store.notify(undefined)}>
          {text('form.dismiss')}
        </button>
      </div>
      <form class="form" noValidate hidden={isSubmitted} onSubmit={event => event.preventDefault()}>
        {form.current}
      </form>
      {isSubmitted && <Jobs view={view} heading={jobsHeading} />}
    </main>
  );
}
