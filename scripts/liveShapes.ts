// Compares our tools' requests with the API description that Magic Hour publishes, without sending any of the requests.
import { readFile } from 'node:fs/promises';
import { Ajv, type ErrorObject } from 'ajv';
import { readValues } from '../src/shared/draft.ts';
import { createBody } from '../src/tools/request.ts';
import { requiredInputs, type Field, type Tool } from '../src/tools/tool.ts';

export const publishedSpec = 'https://docs.magichour.ai/api-reference/openapi.json';

/** The part of an OpenAPI document that is used here. */
export interface Spec {
  readonly paths: Readonly<
    Record<
      string,
      { post?: { requestBody?: { content?: Record<string, { schema?: unknown } | undefined> } } } | undefined
    >
  >;
}

/** @param source The URL or path of an OpenAPI document in JSON. The API key isn't sent to this URL. */
export async function readSpec(source: string): Promise<Spec> {
  if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, 'utf8')) as Spec;
  const response = await fetch(source, { signal: AbortSignal.timeout(30_000) });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return (await response.json()) as Spec;
}

/**
 * Checks the requests that `tool` can send against the published description and returns the problems. Returns
 * undefined if the description doesn't include the operation.
 */
export function shapeProblems(tool: Tool, spec: Spec): string[] | undefined {
  const schema = spec.paths[tool.path]?.post?.requestBody?.content?.['application/json']?.schema;
  if (schema === undefined) return undefined;
  const ajv = new Ajv({ strict: false, allErrors: true, verbose: true, validateFormats: false });
  const isValid = ajv.compile(closed(schema) as object);
  const problems = new Set<string>();
  for (const body of bodiesOf(tool))
    if (!isValid(body)) for (const error of isValid.errors ?? []) problems.add(describe(error));
  return [...problems];
}

/** Disallows fields that aren't described, which JSON Schema allows by default. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, closed(value)]));
  return 'properties' in schema ? { additionalProperties: false, ...inner } : inner;
}

function describe({ instancePath, keyword, params, message, data }: ErrorObject): string {
  const path = instancePath.slice(1).replaceAll('/', '.');
  const inPath = (name: unknown): string => (path ? `${path}.${String(name)}` : String(name));
  if (keyword === 'additionalProperties') return `${inPath(params['additionalProperty'])} isn't described`;
  if (keyword === 'required') return `${inPath(params['missingProperty'])} is required`;
  if (keyword === 'enum') return `${path} ${JSON.stringify(data)} isn't described`;
  return `${path} ${message}: ${JSON.stringify(data)}`;
}

/** Generates requests with every field value and every pair of them, because some values require another one. */
function* bodiesOf(tool: Tool): Generator<Record<string, unknown>> {
  const all = Object.fromEntries(tool.inputs.map(({ id }) => [id, `api-assets/id/${id}`]));
  const required = Object.fromEntries(requiredInputs(tool).map(({ id }) => [id, `api-assets/id/${id}`]));
  const clip = { start: 0, end: tool.clip?.minSeconds ?? 1 };
  const texts = requiredTexts(tool);
  yield createBody(tool, readValues(tool, texts), required, clip);
  const single = [
    {},
    ...tool.fields.flatMap(field => typicalValues(field).map(text => ({ [field.id]: text }))),
  ];
  for (const first of single)
    for (const second of single)
      yield createBody(tool, readValues(tool, { ...texts, ...first, ...second }), all, clip);
}

/** Returns sample text for the fields that can't be empty. */
export const requiredTexts = ({ fields }: Tool): Record<string, string> =>
  Object.fromEntries(
    fields
      .filter(field => field.type !== 'choice' && field.type !== 'number' && field.required)
      .map(({ id }) => [id, 'A red fox in the snow']),
  );

function typicalValues(field: Field): string[] {
  if (field.type === 'choice') return field.choices.map(({ value }) => value);
  if (field.type === 'number') return [String(field.min), String(field.max)];
  return ['A watercolor'];
}
