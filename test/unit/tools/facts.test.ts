import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import {
  clipLimits,
  DOCUMENTED_CLIP_LIMITS,
  priceOf,
  rateOf,
  SOURCE_FRAME_RATE as frameRate,
  TOOLS,
} from '../../fake-api/catalogue.ts';
import { facts } from '../../fake-api/facts.ts';
import { ruleFaults } from '../../fake-api/rules.ts';
import { shapeFaults } from '../../fake-api/shape.ts';
import { checkDraft, readValues, type Draft } from '../../../src/shared/draft.ts';
import { extensions } from '../../../src/shared/formats.ts';
import { tools } from '../../../src/tools/index.ts';
import { createBody } from '../../../src/tools/request.ts';
import { assetKinds, type Field, type Tool } from '../../../src/tools/tool.ts';

/** The fields (by path) and values (by field ID) that a tool doesn't offer. Give the reason for each one. */
const leftOut: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  // `style.tool` only adds to the prompt. With `default`, the server chooses the model, so the price can't be shown.
  imageGenerator: { fields: ['style.tool'], model: ['default'] },
  imageEditor: { model: ['default'] },
  // These models have no published price or are no longer documented.
  imageToVideo: { model: ['default', 'wan-3.0', 'sora-2'] },
  // Users can choose a template instead.
  autoSubtitles: {
    fields: [
      'style.custom_config.font',
      'style.custom_config.font_size',
      'style.custom_config.font_style',
      'style.custom_config.text_color',
      'style.custom_config.highlighted_text_color',
      'style.custom_config.stroke_color',
      'style.custom_config.stroke_width',
      'style.custom_config.vertical_position',
      'style.custom_config.horizontal_position',
    ],
  },
  // Only files and direct URLs are supported.
  lipSync: { fields: ['assets.youtube_url'] },
  // These resolutions have no published price.
  videoTranslator: { resolution: ['480p', '1080p'] },
  // The prompt can refer to files by name. That needs a list of named files of any kind, which the tool model doesn't
  // have.
  textToVideo: { fields: ['references'], model: ['default', 'wan-3.0', 'sora-2'] },
};

function agreesWithFacts(tool: Tool): void {
  const served = TOOLS.find(({ path }) => path === tool.path);
  assert.ok(served, tool.path);
  const operation = served.facts;
  const factOf = (field: Field) => operation.fields[field.wire.join('.')];
  const inputPaths = tool.inputs.map(pathOfInput);

  test('has the ID of the facts, and the published kind of result and median time', () => {
    assert.equal(tool.id, operation.id);
    assert.equal(tool.project, operation.project);
    if (operation.medianSeconds !== undefined) assert.equal(tool.medianSeconds, operation.medianSeconds);
  });

  test('offers every field that isn’t deprecated', () => {
    const sent = new Set([
      ...tool.fields.map(({ wire }) => wire.join('.')),
      ...inputPaths,
      ...(tool.constants ?? []).map(({ wire }) => wire.join('.')),
      ...(tool.clip ? ['start_seconds', 'end_seconds'] : []),
    ]);
    const missing = Object.entries(operation.fields)
      .filter(([path, { type, deprecated }]) => type !== 'object' && !deprecated && !path.includes('[]'))
      .map(([path]) => path)
      .filter(path => !sent.has(path));
    assert.deepEqual(missing, leftOut[tool.id]?.['fields'] ?? []);
  });

  test('offers every value that isn’t deprecated', () => {
    const missing = tool.fields.flatMap(field => {
      const { enum: values = [], deprecatedValues = [] } = factOf(field) ?? {};
      const offered = field.type === 'choice' ? field.choices.map(({ value }) => value) : [];
      const left = values
        .map(String)
        .filter(value => !deprecatedValues.includes(value) && !offered.includes(value));
      return left.length > 0 ? [[field.id, left] as const] : [];
    });
    const { fields: _, ...values } = leftOut[tool.id] ?? {};
    assert.deepEqual(Object.fromEntries(missing), values);
  });

  test('marks exactly the deprecated values as older', () => {
    for (const field of tool.fields) {
      const deprecated = factOf(field)?.deprecatedValues ?? [];
      if (field.type !== 'choice') continue;
      for (const { value, older } of field.choices)
        assert.equal(older === true, deprecated.includes(value), `${field.id} ${value}`);
    }
  });

  test('has the published limits of texts and numbers', () => {
    for (const field of tool.fields) {
      const fact = factOf(field);
      if (field.type === 'text' || field.type === 'multiline') {
        assert.equal(field.maxLength, fact?.maxLength, field.id);
        assert.equal(field.required, fact?.required, field.id);
      }
      if (field.type === 'number' && fact?.minimum !== undefined) {
        assert.deepEqual([field.min, field.max], [fact.minimum, fact.maximum], field.id);
      }
    }
  });

  test('marks what requires a paid plan', () => {
    for (const field of tool.fields) {
      if (field.type !== 'choice') continue;
      const fact = factOf(field);
      for (const { value, paid } of field.choices) {
        const isPaid: boolean | undefined =
          fact?.paid?.some(each => String(each) === value) ||
          (field.id === 'model' && operation.models?.[value]?.paid);
        assert.equal(paid === true, isPaid === true, `${field.id} ${value}`);
      }
    }
  });

  test('sends only valid requests, at the published price, for all choices of the user', () => {
    let accepted = 0;
    fc.assert(
      fc.property(draftsOf(tool), fc.boolean(), (draft, isProbed) => {
        // The details are known for a file, but not for a URL.
        const info = isProbed ? { ...video, frameRate } : undefined;
        const { problems, rows, values } = checkDraft(tool, draft, () => ({ info }));
        const [row] = rows;
        if (problems.length > 0 || !row) return;
        accepted++;
        const references = Object.fromEntries(
          tool.inputs
            .map(({ id, accepts }) => [id, row.inputs[id] && examples[accepts]])
            .filter(([, url]) => url),
        ) as Record<string, string>;
        const body = createBody(tool, values, references, row.clip);
        assert.deepEqual(shapeFaults(served.body, body), []);
        assert.deepEqual(ruleFaults(operation, body, 'business'), []);
        assert.notEqual(rateOf(operation, body), undefined, 'has a published price');
        const { settled } = priceOf(served, body);
        if (row.price.from) assert.ok(row.price.credits <= settled);
        else if (isProbed) assert.equal(row.price.credits, settled);
        else assert.ok(row.price.credits >= settled);
        if (!row.clip) return;
        const length = row.clip.end - row.clip.start;
        const { shortest, documented } = clipLimits(served, body, DOCUMENTED_CLIP_LIMITS);
        assert.ok(length >= shortest - 1e-6);
        assert.ok(length <= documented + 1e-6);
      }),
      { numRuns: 300 },
    );
    assert.ok(accepted > 30, `only ${accepted} drafts could be sent`);
  });
}

const video = { kind: 'video', extension: 'mp4', bytes: 1, modified: 1 } as const;

const examples = {
  image: 'https://example.com/a.png',
  audio: 'https://example.com/a.mp3',
  video: 'https://example.com/a.mp4',
} as const;

const pathOfInput = ({ id, wire = ['assets', `${id}_file_path`] }: Tool['inputs'][number]): string =>
  wire.join('.');

/** Generates drafts with everything that users can choose and type, including options that depend on other choices. */
function draftsOf(tool: Tool): fc.Arbitrary<Draft> {
  const inputs = fc.record(
    Object.fromEntries(
      tool.inputs.map(({ id, accepts, optional }) => {
        const source = { kind: 'url', url: examples[accepts] } as const;
        return [id, optional ? fc.option(fc.constant(source), { nil: undefined }) : fc.constant(source)];
      }),
    ),
  );
  const values = fc.record(Object.fromEntries(tool.fields.map(field => [field.id, typedInto(field)])));
  // Times are in hundredths of a second. A fifth of the clips are too long.
  const limit = tool.clip?.limitSeconds(readValues(tool, {})) ?? 0;
  const clip = fc.tuple(
    fc.integer({ min: 0, max: 6000 }),
    fc.integer({ min: 1, max: Math.ceil(125 * limit) + 1 }),
  );
  return fc.record({ inputs, values, clip }).map(({ inputs, values, clip: [start, length] }) => ({
    tool: tool.id,
    rows: [
      {
        id: 'row',
        inputs: Object.fromEntries(
          Object.entries(inputs).filter(([, source]) => source),
        ) as Draft['rows'][0]['inputs'],
        start: String(start / 100),
        end: String((start + length) / 100),
      },
    ],
    values,
  }));
}

function typedInto(field: Field): fc.Arbitrary<string> {
  switch (field.type) {
    case 'text':
    case 'multiline': {
      const most = field.maxLength ?? 500;
      return fc.oneof(fc.constant(''), fc.string({ maxLength: 20 }), fc.constant('x'.repeat(most)));
    }
    case 'choice':
      return fc.constantFrom('', ...field.choices.map(({ value }) => value));
    case 'number': {
      const step = field.step ?? 10 ** -field.decimals;
      const steps = Math.round((field.max - field.min) / step);
      const number = fc.nat(steps).map(n => (field.min + n * step).toFixed(field.decimals));
      return fc.oneof(fc.constant(''), number);
    }
  }
}

/** Compares the tools with the facts that the vendor publishes. The fake API enforces these facts, too. */
suite('facts', () => {
  for (const tool of tools) suite(tool.id, () => agreesWithFacts(tool));

  for (const kind of assetKinds)
    test(`the extensions of ${kind} files match the API`, () => {
      assert.deepEqual(extensions[kind].toSorted(), facts.extensions[kind].toSorted());
    });
});
