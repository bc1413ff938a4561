import { h, newId } from '../dom.ts';
import type { View } from '../view.ts';
import type { Page } from './part.ts';

/** Options kept under a name, to take up again. */
export function presetsSection(page: Page) {
  const { words, store, actions } = page;
  const choice = h('select', { id: newId('preset') });
  const remove = h(
    'button',
    { type: 'button', class: 'link', hidden: true },
    words.text('form.deletePreset'),
  );
  const title = h('input', { type: 'text', id: newId('preset'), autocomplete: 'off', maxlength: 100 });
  const opener = h(
    'button',
    { type: 'button', class: 'link', 'aria-expanded': 'false' },
    words.text('form.savePreset'),
  );
  const box = h(
    'div',
    { class: 'address', hidden: true },
    h('label', { class: 'hint', for: title.id }, words.text('form.presetTitle')),
    h(
      'div',
      { class: 'line' },
      title,
      h('button', { type: 'button', class: 'secondary', onclick: () => save() }, words.text('form.save')),
    ),
  );

  const showRemove = () => {
    remove.hidden = choice.value === '';
  };
  const setOpen = (open: boolean) => {
    box.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    (open ? title : opener).focus();
  };
  const save = () => {
    const name = title.value.trim();
    if (!name) return title.focus();
    setOpen(false);
    void actions.savePreset(name).then(() => {
      choice.value = name;
      showRemove();
      page.announce(words.text('form.presetSaved', { name }));
    });
  };
  opener.addEventListener('click', () => {
    title.value = choice.value;
    setOpen(box.hidden !== false);
  });
  title.addEventListener('keydown', event => {
    if (event.key === 'Enter') save();
    if (event.key === 'Escape') setOpen(false);
  });
  choice.addEventListener('input', () => {
    const preset = store.view.host.presets.find(({ name }) => name === choice.value);
    // A name belongs to one job: no preset has one, and none takes it away.
    const { name } = store.view.draft.values;
    const values = { ...preset?.values, ...(name !== undefined && { name }) };
    if (preset) store.edit(draft => ({ ...draft, values }));
    showRemove();
  });
  remove.addEventListener('click', () => {
    void actions.deletePreset(choice.value);
    choice.focus();
  });

  let names = '\n';
  return {
    element: h(
      'div',
      { class: 'presets' },
      h('label', { class: 'label', for: choice.id }, words.text('form.preset')),
      h('div', { class: 'line' }, choice, opener, remove),
      box,
    ),
    update(view: View) {
      const present = view.host.presets.map(({ name }) => name);
      if (present.join('\n') !== names) {
        names = present.join('\n');
        const chosen = choice.value;
        const none = h('option', { value: '' }, words.text('form.noPreset'));
        choice.replaceChildren(none, ...present.map(name => h('option', { value: name }, name)));
        choice.value = present.includes(chosen) ? chosen : '';
      }
      choice.disabled = present.length === 0;
      showRemove();
    },
  };
}
