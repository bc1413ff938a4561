import { effectiveValue, valueAt, type Condition, type OperationFact, type Value } from './facts.ts';
import type { ViolationKind } from './reply.ts';

/** A rule that a body breaks even though its shape is correct. */
export interface RuleFault {
  readonly kind: Extract<ViolationKind, 'invalid-body' | 'ignored-field' | 'above-plan'>;
  readonly message: string;
}

/**
 * Checks the rules that the schema of the fields can't express: rules between fields, and limits of models and plans.
 */
export function ruleFaults(operation: OperationFact, body: unknown, tier: string): RuleFault[] {
  return [
    ...conditionFaults(operation, body),
    ...groupFaults(operation, body),
    ...modelFaults(operation, body),
    ...(tier === 'free' ? planFaults(operation, body) : []),
  ];
}

function conditionFaults(operation: OperationFact, body: unknown): RuleFault[] {
  return Object.entries(operation.fields).flatMap<RuleFault>(([path, { when, requiredThen, needs }]) => {
    // Fields within arrays have no conditions.
    if (path.includes('[]')) return [];
    const needed = needs?.[String(valueAt(body, path))];
    if (needed && !meets(operation, body, needed))
      return [
        { kind: 'invalid-body', message: `${path} needs other values of ${Object.keys(needed).join(', ')}` },
      ];
    if (!when) return [];
    const isMet = meets(operation, body, when);
    const isThere = valueAt(body, path) !== undefined;
    if (isThere && !isMet)
      return [{ kind: 'ignored-field', message: `${path} has no meaning with these values` }];
    if (requiredThen && isMet && !isThere)
      return [{ kind: 'invalid-body', message: `${path} is required with these values` }];
    return [];
  });
}

const meets = (operation: OperationFact, body: unknown, condition: Condition): boolean =>
  Object.entries(condition).every(([path, values]) =>
    values.some(value => value === (valueAt(body, path) ?? operation.fields[path]?.default)),
  );

function groupFaults({ oneOf }: OperationFact, body: unknown): RuleFault[] {
  const isThere = (path: string): boolean => valueAt(body, path) !== undefined;
  if (!oneOf || oneOf.some(group => group.every(isThere))) return [];
  const message = `${oneOf.map(group => group.join(', ')).join(' or ')} is required`;
  return [{ kind: 'invalid-body', message }];
}

function modelFaults(operation: OperationFact, body: unknown): RuleFault[] {
  const model = operation.models?.[String(valueAt(body, 'model'))];
  if (!model) return [];
  const invalid = (message: string): RuleFault => ({ kind: 'invalid-body', message });
  const faults = Object.entries(model.allowed).flatMap(([path, values]) => {
    const value = effectiveValue(operation, body, path) as Value | undefined;
    return value === undefined || values.includes(value)
      ? []
      : [invalid(`${path} must be one of ${values.join(', ')} with this model`)];
  });
  for (const [path, most] of Object.entries(model.maxItems ?? {})) {
    const list = valueAt(body, path);
    if (Array.isArray(list) && list.length > most)
      faults.push(invalid(`${path} has more than ${most} items`));
  }
  const { endImage } = model;
  if (endImage !== undefined && valueAt(body, 'assets.end_image_file_path') !== undefined) {
    const isTaken =
      endImage &&
      endImage.resolution?.includes(String(valueAt(body, 'resolution'))) !== false &&
      Number(valueAt(body, 'end_seconds')) <= (endImage.longest ?? Infinity);
    if (!isTaken) faults.push(invalid('this model takes no end image with these values'));
  }
  return faults;
}

function planFaults(operation: OperationFact, body: unknown): RuleFault[] {
  const message = 'Payment required';
  const isPaid = operation.models?.[String(valueAt(body, 'model'))]?.paid;
  const above = Object.entries(operation.fields).filter(([path, { paid }]) =>
    paid?.includes(effectiveValue(operation, body, path) as Value),
  );
  return isPaid || above.length > 0 ? [{ kind: 'above-plan', message }] : [];
}
