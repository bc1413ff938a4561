import { useId } from 'preact/hooks';
import type { DraftRow } from '../../shared/draft.ts';
import { isOffered, requiredInputs, type ToolInput } from '../../tools/tool.ts';
import { Icon } from '../icon.tsx';
import type { View } from '../view.ts';
import { Clip } from './clip.tsx';
import { Input } from './input.tsx';
import { type Page, usePage } from './pageContext.ts';
import { RemoveButton } from './removeButton.tsx';

/** The inputs. Each row becomes one job. If the tool has only one input, several rows form a strip of images. */
export function Rows({ view }: { readonly view: View }) {
  const { actions } = usePage();
  const { text } = view.formatter;
  const { rows } = view.draft;
  const [firstInput, ...otherInputs] = requiredInputs(view.tool);
  const needsOneFile = otherInputs.length === 0;
  if (!firstInput) return null;
  const isStrip = view.tool.inputs.length === 1 && rows.length > 1;
  const addLabel = firstInput.accepts === 'image' ? 'form.addFiles' : 'form.addOtherFiles';
  const add = () => {
    if (needsOneFile) {
      void actions.chooseFile('', firstInput.id);
      return;
    }
    const id = actions.addRow();
    document.querySelector<HTMLElement>(`[data-row="${id}"] .choice`)?.focus();
  };
  return (
    <div class="inputs">
      <div class="rows" data-strip={isStrip ? '' : undefined}>
        {rows.map((row, index) => (
          <Row key={row.id} view={view} row={row} index={index} isStrip={isStrip} />
        ))}
      </div>
      {rows.every(row => requiredInputs(view.tool).every(({ id }) => row.inputs[id])) && (
        <button type="button" class="link add" onClick={add}>
          <Icon name="add" />
          {text(needsOneFile ? addLabel : 'form.addRow')}
        </button>
      )}
    </div>
  );
}

interface RowProps {
  readonly view: View;
  readonly row: DraftRow;
  readonly index: number;
  readonly isStrip: boolean;
}

function Row({ view, row, index, isStrip }: RowProps) {
  const page = usePage();
  const id = useId();
  const { text } = view.formatter;
  const count = view.draft.rows.length;
  const isOneOfSeveral = count > 1;
  const position = text('form.rowOf', { index: index + 1, count });
  const hasHead = isOneOfSeveral && !isStrip;
  return (
    <div
      class="row"
      data-row={row.id}
      role={isOneOfSeveral ? 'group' : undefined}
      aria-labelledby={hasHead ? id : undefined}
      aria-label={isStrip ? position : undefined}
    >
      {hasHead && (
        <div class="row-head">
          <h2 class="row-title" id={id}>
            {position}
          </h2>
          <RemoveButton
            title={text('form.remove')}
            label={text('form.removeFile', { name: position })}
            onClick={() => removeRow(page, row.id)}
          />
        </div>
      )}
      {shownInputs(view, row).map(input => (
        <Input
          key={input.id}
          view={view}
          row={row}
          input={input}
          onRemove={isStrip ? () => removeRow(page, row.id) : undefined}
        >
          {view.tool.clip?.input === input.id && <Clip view={view} row={row} />}
        </Input>
      ))}
    </div>
  );
}

/** Removes a row. Focus moves to the row that takes its place, or else to the last row. */
function removeRow({ store, actions }: Page, id: string): void {
  const index = store.view.draft.rows.findIndex(row => row.id === id);
  actions.removeRow(id);
  const rows = document.querySelectorAll<HTMLElement>('[data-row]');
  rows[Math.min(index, rows.length - 1)]?.querySelector<HTMLElement>('.choice')?.focus();
}

/** A list of optional files shows only its first empty input, in addition to the chosen files. */
function shownInputs(view: View, row: DraftRow): ToolInput[] {
  const offered = view.tool.inputs.filter(input => isOffered(input, view.checked.values));
  const isSpare = (input: ToolInput) => input.listed && input.optional && !row.inputs[input.id];
  const firstSpare = offered.find(isSpare);
  return offered.filter(input => !isSpare(input) || input === firstSpare);
}
