import { describe, h, newId, setAttribute } from '../dom.ts';
import type { Words } from '../words.ts';
import { problemLine } from './field.ts';

/** A line to enter an https address instead of choosing a file, opened by a button. */
export function addressBox(words: Words, onUse: (url: string) => void) {
  const label = h('label', { class: 'hint' }, words.text('form.address'));
  const line = h('input', {
    type: 'url',
    // An address reads from left to right in every language.
    dir: 'ltr',
    id: newId('address'),
    placeholder: 'https://',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  label.htmlFor = line.id;
  const problem = problemLine();
  const opener = h(
    'button',
    {
      type: 'button',
      class: 'link',
      'aria-expanded': 'false',
      onclick: () => setOpen(element.hidden !== false),
    },
    words.text('form.useUrl'),
  );
  const use = () => {
    const url = readAddress(line.value);
    problem.show(url ? undefined : words.text('form.addressWrong'));
    setAttribute(line, 'aria-invalid', url ? undefined : 'true');
    describe(line, problem.element);
    if (!url) {
      line.focus();
      return;
    }
    setOpen(false);
    opener.focus();
    onUse(url);
  };
  line.addEventListener('keydown', event => {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      use();
    }
    if (event.key === 'Escape') {
      setOpen(false);
      opener.focus();
    }
  });
  const element = h(
    'div',
    { class: 'address', hidden: true },
    label,
    h(
      'div',
      { class: 'line' },
      line,
      h('button', { type: 'button', class: 'secondary', onclick: use }, words.text('form.useAddress')),
    ),
    problem.element,
  );

  function setOpen(open: boolean): void {
    element.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
    if (open) line.focus();
  }

  return {
    element,
    opener,
    update(url: string) {
      if (document.activeElement !== line && element.hidden) line.value = url;
    },
  };
}

/** The address in its normal form; undefined where it is none or not https. */
export function readAddress(text: string): string | undefined {
  const url = URL.parse(text.trim());
  return url?.protocol === 'https:' && url.hostname !== '' ? url.href : undefined;
}
