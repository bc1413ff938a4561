import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { TOOLS, type Tool } from '../../fake-api/catalogue.ts';
import { isObject, type Shape } from '../../fake-api/shape.ts';

const NAME = 'openapi.yaml';
const document = parse(readFileSync(new URL('../../fake-api/openapi.yaml', import.meta.url), 'utf8')) as {
  paths: Record<string, Record<string, unknown>>;
};

for (const tool of TOOLS) document.paths[tool.path] = { post: createOperation(tool) };

// The document around the schemas isn't a JSON Schema, so unknown keywords are fine.
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, NAME);

/** Builds a create operation from facts.json. Everything else is in openapi.yaml. */
function createOperation({ facts, kind, body }: Tool): Record<string, unknown> {
  const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
  const schema = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const response = (name: string) => ({ $ref: `#/components/responses/${name}` });
  return {
    summary: facts.title,
    requestBody: { required: true, ...json(asJsonSchema(body)) },
    responses: {
      200: json(schema(`${kind.charAt(0).toUpperCase()}${kind.slice(1)}CreateResponse`)),
      400: response('InvalidRequest'),
      401: response('Unauthorized'),
      402: response('PaymentRequired'),
      403: response('Forbidden'),
      404: response('NotFound'),
      422: json(schema('UnprocessableEntityError')),
      429: response('TooManyRequests'),
      500: response('InternalServerError'),
      502: response('GatewayFault'),
      503: response('GatewayFault'),
    },
  };
}

export function asJsonSchema(shape: Shape): unknown {
  if (shape.type === 'array') return { ...shape, items: asJsonSchema(shape.items) };
  if (shape.type === 'string') {
    const { file: _file, pattern, ...rest } = shape;
    return { ...rest, ...(pattern && { pattern: pattern.source }) };
  }
  if (shape.type !== 'object') return shape;
  const properties = Object.entries(shape.properties).map(([name, inner]) => [name, asJsonSchema(inner)]);
  return { ...shape, properties: Object.fromEntries(properties) as unknown };
}

/** An operation of the document and its documented statuses. */
export interface DocumentedOperation {
  readonly method: string;
  readonly path: string;
  readonly statuses: readonly number[];
}

export function documentedOperations(): DocumentedOperation[] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    ['get', 'post', 'delete']
      .filter(method => method in item)
      .map(method => ({ method, path, statuses: Object.keys(responsesOf(method, path)).map(Number) })),
  );
}

/** Fails if `body` doesn't match the documented response of `method path` with `status`. */
export function assertReplyFits(method: string, path: string, status: number, body: unknown): void {
  const responses = responsesOf(method, path);
  assert.ok(String(status) in responses, `${method} ${path} does not document ${status}`);
  const pointer = follow(`/paths/${escape(path)}/${method}/responses/${status}`);
  const content = at(`${pointer}/content`);
  if (content === undefined) return; // the document doesn't describe the body
  const schema = follow(`${pointer}/content/application~1json/schema`);
  const validate = ajv.compile({ $ref: `${NAME}#${schema}` });
  assert.ok(validate(body), `${method} ${path} ${status}: ${ajv.errorsText(validate.errors)}`);
  assert.ok(isObject(body));
  const known = propertyNames(schema);
  const invented = Object.keys(body).filter(name => !known.has(name));
  assert.deepEqual(invented, [], `${method} ${path} ${status} has fields the document does not know`);
}

/** The schema of a request body with references resolved and without descriptions. */
export function requestSchema(path: string): unknown {
  return plain(at(follow(`/paths/${escape(path)}/post/requestBody/content/application~1json/schema`)));
}

/** The documented extensions by type. */
export function documentedExtensions(): unknown {
  return at('/paths/~1v1~1files~1upload-urls/post/x-allowed-extensions');
}

function responsesOf(method: string, path: string): Record<string, unknown> {
  const responses = at(`/paths/${escape(path)}/${method}/responses`);
  assert.ok(isObject(responses));
  return responses;
}

/** The property names of this schema, including `$ref` and `allOf`. */
function propertyNames(pointer: string): Set<string> {
  const schema = at(pointer);
  assert.ok(isObject(schema));
  const names = new Set(isObject(schema.properties) ? Object.keys(schema.properties) : []);
  const parts = Array.isArray(schema.allOf) ? schema.allOf.length : 0;
  for (let index = 0; index < parts; index++) {
    for (const name of propertyNames(follow(`${pointer}/allOf/${index}`))) names.add(name);
  }
  return names;
}

const FOR_PEOPLE = new Set(['description', 'examples', 'default', 'deprecated']);

function plain(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(plain);
  if (!isObject(schema)) return schema;
  if (typeof schema.$ref === 'string') return plain(at(schema.$ref.slice(1)));
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !(FOR_PEOPLE.has(name) && !isObject(value)))
      .map(([name, value]) => [name, plain(value)]),
  );
}

/** Follows a `$ref` at the pointer. */
function follow(pointer: string): string {
  const value = at(pointer);
  return isObject(value) && typeof value.$ref === 'string' ? follow(value.$ref.slice(1)) : pointer;
}

function at(pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => (value as Record<string, unknown> | undefined)?.[part], document);
}

function escape(path: string): string {
  return path.replaceAll('~', '~0').replaceAll('/', '~1');
}
