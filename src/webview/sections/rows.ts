import type { DraftRow } from '../../shared/draft.ts';
import { h, KeyedList, newId, setAttribute, setText } from '../dom.ts';
import { icon } from '../icons.ts';
import type { View } from '../view.ts';
import { clipPart } from './clip.ts';
import { removeRow } from './focus.ts';
import { inputCard } from './input.ts';
import type { Page } from './part.ts';

/** The inputs: one row makes one job. Several rows of a tool with one input are a strip of pictures. */
export function rowsSection(page: Page) {
  const { words, actions } = page;
  const { tool } = page.store.view;
  const list = h('div', { class: 'rows' });
  const rows = new KeyedList<DraftRow, RowPart>(list, row => rowPart(page, row.id));
  const firstInput = tool.inputs[0]?.id ?? '';
  const add = h(
    'button',
    {
      type: 'button',
      class: 'link add',
      onclick: () => {
        if (tool.inputs.length === 1) void actions.chooseFile('', firstInput);
        else {
          const id = actions.addRow();
          list.querySelector<HTMLElement>(`[data-row="${id}"] .choice`)?.focus();
        }
      },
    },
    icon('add'),
    words.text(tool.inputs.length === 1 ? 'form.addFiles' : 'form.addRow'),
  );
  return {
    element: h('div', { class: 'inputs' }, list, add),
    dispose: () => rows.clear(),
    update(view: View) {
      const count = view.draft.rows.length;
      setAttribute(list, 'data-strip', view.tool.inputs.length === 1 && count > 1);
      add.hidden = view.draft.rows.some(row => Object.keys(row.inputs).length === 0);
      rows.update(
        view.draft.rows,
        row => row.id,
        (part, row, index) => part.update(view, row, index, count),
      );
    },
  };
}

interface RowPart {
  readonly element: HTMLElement;
  update(view: View, row: DraftRow, index: number, count: number): void;
  dispose(): void;
}

function rowPart(page: Page, id: string): RowPart {
  const { words } = page;
  const { tool } = page.store.view;
  const title = h('h2', { class: 'row-title', id: newId('row') });
  const removed = h('span', { class: 'unseen' });
  const head = h(
    'div',
    { class: 'row-head' },
    title,
    h(
      'button',
      {
        type: 'button',
        class: 'icon-button',
        title: words.text('form.remove'),
        onclick: () => removeRow(page, id),
      },
      icon('close'),
      removed,
    ),
  );
  const inputs = tool.inputs.map(input => ({ id: input.id, card: inputCard(page, id, input) }));
  const clip = tool.clip && clipPart(page, id);
  const element = h('div', { class: 'row', 'data-row': id }, head);
  for (const { id: input, card } of inputs) {
    element.append(card.element);
    if (clip && tool.clip?.input === input) card.element.append(clip.element);
  }
  return {
    element,
    update(view, row, index, count) {
      const several = count > 1;
      const strip = several && tool.inputs.length === 1;
      const position = words.text('form.rowOf', { index: index + 1, count });
      head.hidden = !several || strip;
      setText(title, position);
      setText(removed, words.text('form.removeFile', { name: position }));
      setAttribute(element, 'role', several ? 'group' : undefined);
      setAttribute(element, 'aria-labelledby', several && !strip ? title.id : undefined);
      setAttribute(element, 'aria-label', strip ? position : undefined);
      for (const { id: input, card } of inputs) card.update(view, row.inputs[input], strip);
      clip?.update(view, row);
    },
    dispose: () => clip?.dispose(),
  };
}
