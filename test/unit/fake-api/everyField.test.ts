import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { TOOLS, type Tool } from '../../fake-api/catalogue.ts';
import { valueAt, type FieldFact, type Value } from '../../fake-api/facts.ts';
import type { ViolationKind } from '../../fake-api/reply.ts';
import { isObject } from '../../fake-api/shape.ts';
import { exampleBody } from './examples.ts';
import { freshApi } from './support.ts';

/** A request with one mistake. */
interface Mistake {
  readonly kind: ViolationKind;
  /** The field that the response must name. */
  readonly path: string;
  readonly body: Record<string, unknown>;
}

/** Returns a copy of the body with another value at a path. Undefined removes the field. */
function withValue(body: Record<string, unknown>, path: string, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.');
  const { [name]: before, ...others } = body;
  if (rest.length > 0)
    return { ...others, [name]: withValue(isObject(before) ? before : {}, rest.join('.'), value) };
  return value === undefined ? others : { ...others, [name]: value };
}

/** Values that the documented limits exclude. */
function wrongValues(fact: FieldFact): unknown[] {
  const { type, minimum, maximum, multipleOf, minLength, maxLength, minItems, maxItems } = fact;
  return [
    type === 'string' ? 1 : 'words',
    ...(fact.nullable ? [] : [null]),
    ...(fact.enum ? (type === 'string' ? ['no such value'] : [Math.max(...fact.enum.map(Number)) + 1]) : []),
    ...(minimum === undefined ? [] : [minimum - (multipleOf ?? 1)]),
    ...(maximum === undefined ? [] : [maximum + (multipleOf ?? 1)]),
    ...(multipleOf === undefined ? [] : [(minimum ?? 0) + multipleOf / 2]),
    ...(type === 'integer' ? [(minimum ?? 0) + 0.5] : []),
    ...(minLength ? [''] : []),
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...(fact.pattern ? ['not a name!'] : []),
    ...(minItems ? [[]] : []),
    ...(maxItems === undefined
      ? []
      : [Array.from({ length: maxItems + 1 }, () => 'https://example.com/a.png')]),
  ];
}

/** Every possible single mistake in the fields of an otherwise valid request. */
function* mistakes({ facts }: Tool, right: Record<string, unknown>): Generator<Mistake> {
  const isThere = (path: string): boolean => path === '' || valueAt(right, path) !== undefined;
  const objects = Object.keys(facts.fields).filter(path => facts.fields[path]?.type === 'object');
  for (const object of ['', ...objects].filter(isThere)) {
    const path = object ? `${object}.surprise` : 'surprise';
    yield { kind: 'unknown-field', path, body: withValue(right, path, 1) };
  }
  for (const [path, fact] of Object.entries(facts.fields)) {
    // Skip fields of an object that this request doesn't have, because they would need the object's other required
    // fields.
    if (path.includes('[]') || !isThere(path.split('.').slice(0, -1).join('.'))) continue;
    for (const value of wrongValues(fact))
      yield { kind: 'invalid-body', path, body: withValue(right, path, value) };
    const isRequired = fact.required || fact.requiredThen || facts.oneOf?.[0]?.includes(path);
    if (isThere(path) && isRequired)
      yield { kind: 'invalid-body', path, body: withValue(right, path, undefined) };
    // These values need other fields, which the smallest request doesn't have.
    for (const value of Object.keys(fact.needs ?? {}))
      yield { kind: 'invalid-body', path, body: withValue(right, path, value) };
    const unmet = Object.entries(fact.when ?? {}).find(
      ([other, values]) => !values.includes((valueAt(right, other) ?? facts.fields[other]?.default) as Value),
    );
    if (unmet)
      yield { kind: 'ignored-field', path, body: withValue(right, path, rightValue(facts.fields, path)) };
  }
}

/** Every possible single mistake in the items of lists. */
function* mistakesInItems({ facts: { fields } }: Tool, right: Record<string, unknown>): Generator<Mistake> {
  for (const [path, fact] of Object.entries(fields)) {
    const [list = '', name] = path.split(/\[\]\.?/);
    if (name === undefined) continue;
    const item = rightValue(fields, `${list}[]`);
    const mistake = (kind: Mistake['kind'], at: string, value: unknown): Mistake => {
      const wrong = at === '' ? value : withValue(item as Record<string, unknown>, at, value);
      const field = `${list}[0]${at && '.'}${at}`;
      return { kind, path: field, body: withValue(right, list, [wrong]) };
    };
    for (const value of wrongValues(fact)) yield mistake('invalid-body', name, value);
    if (fact.required) yield mistake('invalid-body', name, undefined);
    if (fact.type === 'object') yield mistake('unknown-field', 'surprise', 1);
  }
}

/** A valid value for a field, including its nested fields. */
function rightValue(fields: Tool['facts']['fields'], path: string): unknown {
  const fact = fields[path];
  if (fact?.type === 'array') return [rightValue(fields, `${path}[]`)];
  if (fact?.type === 'object') {
    const names = Object.keys(fields)
      .filter(each => each.startsWith(`${path}.`))
      .map(each => each.slice(path.length + 1));
    return Object.fromEntries(names.map(name => [name, rightValue(fields, `${path}.${name}`)]));
  }
  if (fact?.type === 'boolean') return true;
  if (fact?.type === 'string') return fact.enum?.[0] ?? (fact.file ? 'https://example.com/a.png' : 'words');
  return fact?.enum?.[0] ?? fact?.minimum ?? 1;
}

suite('a wrong field is rejected by its name, and nothing is created', () => {
  for (const tool of TOOLS)
    test(tool.path, async t => {
      const api = await freshApi(t, { account: { credits: 100_000, tier: 'business' } });
      const right = exampleBody(tool);
      let sent = 0;
      for (const { kind, path, body } of [...mistakes(tool, right), ...mistakesInItems(tool, right)]) {
        const answer = await api.call('POST', tool.path, body);
        const what = `${path}: ${JSON.stringify(valueAt(body, path))?.slice(0, 40)}`;
        assert.equal(answer.status, 400, what);
        assert.ok(
          String(answer.body.message).startsWith(`${path} `),
          `${what}: ${String(answer.body.message)}`,
        );
        api.violated(kind);
        sent++;
      }
      assert.ok(sent > 3, `only ${sent} mistakes`);
      assert.deepEqual(api.control.projects(), []);
      // The request is accepted without the mistake.
      assert.equal((await api.call('POST', tool.path, right)).status, 200);
    });
});

/** Requests that need a paid plan, either because of one value or because of the model. */
function* paidRequests({ facts }: Tool, right: Record<string, unknown>): Generator<Record<string, unknown>> {
  for (const [path, { paid = [] }] of Object.entries(facts.fields))
    for (const value of paid) yield withValue(right, path, value);
  for (const [model, { paid, allowed }] of Object.entries(facts.models ?? {})) {
    if (!paid) continue;
    let body = withValue(right, 'model', model);
    for (const [path, [value]] of Object.entries(allowed)) body = withValue(body, path, value);
    yield body;
  }
}

suite('what the free plan doesn’t include is rejected, and nothing is created', () => {
  for (const tool of TOOLS) {
    const requests = [...paidRequests(tool, exampleBody(tool))];
    if (requests.length === 0) continue;
    test(tool.path, async t => {
      const api = await freshApi(t, { account: { credits: 100_000, tier: 'free' } });
      for (const body of requests) {
        const answer = await api.call('POST', tool.path, body);
        assert.equal(answer.status, 402, JSON.stringify(body));
        assert.equal(answer.body.code, 'plan_upgrade_required');
        api.violated('above-plan');
      }
      assert.deepEqual(api.control.projects(), []);
    });
  }
});
