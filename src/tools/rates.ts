import { readValues } from '../shared/draft.ts';
import { isOffered, secondsOf, type Choice, type ChoiceField, type FieldValues, type Tool } from './tool.ts';

/** A combination of the choices that affect the price, with its price. */
export interface Rate {
  readonly values: FieldValues;
  readonly chosen: readonly { readonly field: ChoiceField; readonly choice: Choice }[];
  /** Per second if the tool's price depends on a length. Otherwise, per result. */
  readonly credits: number;
}

/** Whether the price is per second of a clip or of the result. */
export const isPerSecond = (tool: Tool): boolean => tool.clip !== undefined || tool.duration !== undefined;

/** Returns every combination of choices, except for choices that are no longer recommended. */
export function ratesOf(tool: Tool): readonly Rate[] {
  const fields = (tool.pricedBy ?? []).flatMap(id =>
    tool.fields.filter((field): field is ChoiceField => field.id === id && field.type === 'choice'),
  );
  let options: Omit<Rate, 'credits'>[] = [{ values: readValues(tool, {}), chosen: [] }];
  for (const field of fields)
    options = options.flatMap(({ values, chosen }) =>
      field.choices
        .filter(choice => !choice.older && isOffered(choice, values))
        .map(choice => ({
          values: { ...values, [field.id]: choice.value },
          chosen: [...chosen, { field, choice }],
        })),
    );
  // Computed over many seconds, so that rounding doesn't matter.
  const credits = (values: FieldValues): number =>
    isPerSecond(tool) ? tool.price(values, 1000).credits / 1000 : tool.price(values, 0).credits;
  return options.map(option => ({ ...option, credits: credits(option.values) }));
}

/** Whether the price is only a lower bound for some of the choices. */
export const hasLowerBound = (tool: Tool): boolean =>
  tool.fields.some(
    field =>
      field.type === 'choice' &&
      field.choices.some(({ value }) => {
        const values = readValues(tool, { [field.id]: value });
        return tool.price(values, secondsOf(tool, values)).from;
      }),
  );
