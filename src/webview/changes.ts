import { isOffered, type Choice, type Field, type ToolInput } from '../tools/tool.ts';
import type { View } from './view.ts';

export function choiceText({ formatter: { text } }: View, { label, paid }: Choice): string {
  const choice = text(label);
  return paid ? text('form.paidChoice', { choice }) : choice;
}

/** Describes the changes that a choice made elsewhere in the form. */
export function describeChange(before: View, after: View, changed: Field): string | undefined {
  const { text, price } = after.formatter;
  const changes = after.tool.fields.flatMap(field => {
    const [was, is] = [before, after].map(({ checked }) => checked.values[field.id]);
    if (field.type !== 'choice' || field === changed || was === undefined || is === undefined || was === is)
      return [];
    const choice = field.choices.find(({ value }) => value === is);
    return choice
      ? [text('form.choiceNow', { field: text(field.label), choice: choiceText(after, choice) })]
      : [];
  });
  if (after.clipLimit !== undefined && after.clipLimit !== before.clipLimit)
    changes.push(text('form.limitNow', { limit: after.clipLimit, before: before.clipLimit ?? 0 }));
  const gone = new Set(unavailable(before, after).map(({ label }) => text(label)));
  if (gone.size > 0) changes.push(text('form.unavailableNow', { names: [...gone].join(', ') }));
  const [priceBefore, priceNow] = [before, after].map(({ checked }) => price(checked.price));
  if (priceNow !== priceBefore)
    changes.push(text('form.priceNow', { price: priceNow ?? '', before: priceBefore ?? '' }));
  return changes.join(' ') || undefined;
}

/** Options and files that were used before but are no longer offered. */
function unavailable(before: View, after: View): readonly (Field | ToolInput)[] {
  const isGone = (part: Field | ToolInput): boolean =>
    isOffered(part, before.checked.values) && !isOffered(part, after.checked.values);
  const { fields, inputs } = after.tool;
  return [
    ...fields.filter(field => {
      const value = before.draft.values[field.id];
      return value && isGone(field) && !(field.type === 'choice' && value === field.default);
    }),
    ...inputs.filter(input => isGone(input) && before.draft.rows.some(row => row.inputs[input.id])),
  ];
}
