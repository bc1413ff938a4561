import type { Actions } from './actions.ts';
import { voice } from './announce.ts';
import { h, setOptionalText } from './dom.ts';
import { icon } from './icons.ts';
import { keepFocus, moveFocus } from './keepFocus.ts';
import { Thumbnails } from './media/thumbnails.ts';
import { barSection } from './sections/bar.ts';
import { fieldsSection } from './sections/fields.ts';
import { jobsSection } from './sections/jobs.ts';
import type { Page } from './sections/part.ts';
import { presetsSection } from './sections/presets.ts';
import { rowsSection } from './sections/rows.ts';
import type { Store } from './store.ts';
import { SketchLibrary } from './waveform/library.ts';

/** Builds the page once for a tool, and from then on only changes what changed. */
export function buildPage(root: HTMLElement, store: Store, actions: Actions): void {
  const { words, tool } = store.view;
  const { element: voiceElement, announce } = voice();
  const page: Page = {
    store,
    actions,
    announce,
    words,
    thumbnails: new Thumbnails(actions.ask),
    sketches: new SketchLibrary(actions.ask),
  };
  const rows = rowsSection(page);
  const fields = fieldsSection(page);
  const presets = presetsSection(page);
  const bar = barSection(page);
  const jobs = jobsSection(page);

  const title = h('h1', { tabindex: '-1' }, words.text(tool.title));
  const noticeText = h('span');
  const notice = h(
    'div',
    { class: 'notice', role: 'alert', hidden: true },
    icon('error'),
    noticeText,
    h(
      'button',
      { type: 'button', class: 'link', onclick: () => store.notify(undefined) },
      words.text('form.dismiss'),
    ),
  );
  const form = h(
    'form',
    { class: 'form', novalidate: true, onsubmit: (event: Event) => event.preventDefault() },
    h(
      'div',
      { class: 'columns' },
      rows.element,
      h('div', { class: 'options' }, fields.element, presets.element),
    ),
    bar.element,
  );
  root.replaceChildren(h('main', {}, title, notice, form, jobs.element), voiceElement);
  document.documentElement.lang = words.locale;
  document.documentElement.dir = words.direction;
  const end = new AbortController();
  keepFocus(end.signal);
  document.addEventListener(
    'keydown',
    event => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || form.hidden) return;
      event.preventDefault();
      bar.submit();
    },
    { signal: end.signal },
  );

  let working: boolean | undefined;
  const update = () => {
    const { view } = store;
    if (view.tool !== tool) {
      end.abort();
      rows.dispose();
      buildPage(root, store, actions);
      return;
    }
    const nowWorking = view.host.jobs.length > 0;
    setOptionalText(noticeText, view.notice && words.message(view.notice));
    notice.hidden = !view.notice;
    form.hidden = nowWorking;
    jobs.element.hidden = !nowWorking;
    if (nowWorking) jobs.update(view);
    else {
      rows.update(view);
      fields.update(view);
      presets.update(view);
      bar.update(view);
    }
    // The eye goes to what took the place of the form, so does the focus; not when the page has just opened.
    if (working !== undefined && working !== nowWorking) {
      if (nowWorking) jobs.focus();
      else moveFocus(title);
    }
    working = nowWorking;
  };
  store.onChange(update, end.signal);
  update();
}
