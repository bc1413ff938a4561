import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { extensions } from '../../src/shared/formats.ts';
import { outputStem } from '../../src/shared/outputName.ts';
import { jobActions } from '../../src/shared/jobAction.ts';
import { tools } from '../../src/tools/index.ts';
import { requiredInputs, type AssetKind, type Field, type Tool } from '../../src/tools/tool.ts';
import { read, readJson, sources } from './support/sources.ts';

/** The manifest is written by hand: these are its ties to the code. */
interface Manifest {
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly contributes: {
    readonly commands: readonly { command: string; title: string; category: string }[];
    readonly menus: Readonly<
      Record<string, readonly { command?: string; submenu?: string; when?: string }[]>
    >;
    readonly configuration: {
      readonly properties: Readonly<Record<string, { default: unknown; order: number }>>;
    };
    readonly languageModelTools: readonly LanguageModelTool[];
  };
}

interface LanguageModelTool {
  readonly name: string;
  readonly modelDescription: string;
  readonly inputSchema: {
    readonly properties: Readonly<Record<string, Schema>>;
    readonly required: readonly string[];
  };
}

interface Schema {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const manifest = readJson('package.json') as Manifest;
const { commands, menus, configuration, languageModelTools } = manifest.contributes;
const code = sources();
const all = code.map(({ text }) => text).join('\n');

suite('texts of the manifest', () => {
  const texts = readJson('package.nls.json') as Record<string, string>;
  const used = new Set([...read('package.json').matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key));

  test('exist', () => {
    assert.deepEqual(
      [...used].filter(key => !key || !texts[key]),
      [],
    );
  });

  test('are used', () => {
    assert.deepEqual(
      Object.keys(texts).filter(key => !used.has(key)),
      [],
    );
  });

  test('link to commands and settings that exist', () => {
    const words = Object.values(texts).join('\n');
    const linked = [...words.matchAll(/\(command:([\w.]+)/g)].map(([, command]) => command);
    assert.deepEqual(
      linked.filter(command => !commands.some(found => found.command === command)),
      [],
    );
    const settings = [...words.matchAll(/`#([\w.]+)#`/g)].map(([, setting]) => setting ?? '');
    assert.deepEqual(
      settings.filter(setting => !(setting in configuration.properties)),
      [],
    );
  });
});

suite('commands', () => {
  test('have a translated title and the category “Magic Hour”', () => {
    for (const { command, title, category } of commands) {
      assert.match(title, /^%command\.[\w.]+%$/, command);
      assert.equal(category, 'Magic Hour', command);
    }
  });

  test('are there once', () => {
    assert.equal(new Set(commands.map(({ command }) => command)).size, commands.length);
  });

  test('are registered', () => {
    const registered = (command: string): boolean =>
      tools.some(tool => tool.command === command) ||
      all.includes(`registerCommand('${command}'`) ||
      jobActions.some(action => command === `magicHour.job.${action}`);
    assert.deepEqual(
      commands.filter(({ command }) => !registered(command)),
      [],
    );
  });

  test('in menus exist', () => {
    const known = new Set(commands.map(({ command }) => command));
    const inMenus = Object.values(menus).flatMap(rows => rows.flatMap(({ command }) => command ?? []));
    assert.deepEqual(
      inMenus.filter(command => !known.has(command)),
      [],
    );
  });

  test('that need a job are not in the palette', () => {
    const hidden = menus['commandPalette']?.filter(({ when }) => when === 'false') ?? [];
    assert.deepEqual(
      hidden.map(({ command }) => command ?? '').toSorted(),
      commands
        .map(({ command }) => command)
        .filter(command => command.startsWith('magicHour.job.'))
        .toSorted(),
    );
  });
});

suite('settings', () => {
  test('are those that the code reads, with the same defaults', () => {
    const inCode = [...all.matchAll(/\bsetting(?:<\w+>)?\('(magicHour\.\w+)', ([^)]+)\)/g)];
    assert.deepEqual(
      inCode.map(([, name]) => name ?? '').toSorted(),
      Object.keys(configuration.properties).toSorted(),
    );
    for (const [, name = '', fallback = ''] of inCode) {
      const { default: value } = configuration.properties[name] ?? {};
      // An empty name is the default one, so that a person may clear the setting.
      if (name !== 'magicHour.outputName') assert.equal(String(value), fallback.replaceAll("'", ''), name);
    }
    const variables = { stem: 'a', tool: 'b', date: 'c', name: 'd' };
    const named = configuration.properties['magicHour.outputName']?.default;
    assert.equal(outputStem(String(named), variables), outputStem('', variables));
  });

  test('have an order', () => {
    const orders = Object.values(configuration.properties).map(({ order }) => order);
    assert.deepEqual(
      orders,
      orders.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(orders).size, orders.length);
  });
});

/** The extensions that a `when` clause lets pass. */
function extensionsOf(when = ''): readonly string[] {
  const found = /resourceExtname =~ \/\^\\\.\(([\w|]+)\)\$\/i/.exec(when)?.[1];
  assert.ok(found, `no list of extensions in: ${when}`);
  return found.split('|').toSorted();
}
const accepted = (kinds: Iterable<AssetKind>): readonly string[] =>
  [...new Set(kinds)].flatMap(kind => extensions[kind]).toSorted();

suite('menus', () => {
  for (const menu of ['explorer/context', 'editor/title/context']) {
    test(`${menu} has the submenu on files that some tool takes`, () => {
      const row = menus[menu]?.find(({ submenu }) => submenu === 'magicHour.tools');
      const kinds = tools.flatMap(tool => tool.inputs.map(input => input.accepts));
      assert.deepEqual(extensionsOf(row?.when), accepted(kinds));
    });
  }

  test('the submenu has one row per tool, in their order', () => {
    assert.deepEqual(
      menus['magicHour.tools']?.map(({ command }) => command),
      tools.map(tool => tool.command),
    );
  });
});

for (const tool of tools) {
  suite(`the manifest rows of ${tool.id}`, () => {
    test('its command exists', () => {
      assert.ok(commands.some(({ command }) => command === tool.command));
    });

    test('its menu row is for files of the kinds it takes', () => {
      const row = menus['magicHour.tools']?.find(({ command }) => command === tool.command);
      assert.deepEqual(extensionsOf(row?.when), accepted(tool.inputs.map(input => input.accepts)));
    });

    const agentTool = languageModelTools.find(({ name }) => name === tool.command.replace('.', '_'));
    const properties = agentTool?.inputSchema.properties ?? {};

    test('its language model tool has its inputs, its clip and its fields, and nothing else', () => {
      const clip = tool.clip ? ['start', 'end'] : [];
      const fields = tool.fields.filter(field => canBeUsed(field, tool, properties)).map(({ id }) => id);
      assert.deepEqual(
        Object.keys(properties).toSorted(),
        [...tool.inputs.map(({ id }) => id), ...clip, ...fields].toSorted(),
      );
      assert.deepEqual(
        agentTool?.inputSchema.required,
        requiredInputs(tool).map(({ id }) => id),
      );
    });

    test('its language model tool takes the values that the fields take', () => {
      for (const field of tool.fields) {
        const schema = properties[field.id];
        if (schema) assertFits(schema, field);
      }
      for (const time of tool.clip ? ['start', 'end'] : [])
        assert.equal(properties[time]?.type, 'number', time);
    });

    test('an agent is told what it costs', () => {
      const description = agentTool?.modelDescription ?? '';
      if (!tool.clip) {
        assert.ok(description.includes(` ${tool.price({}, 0).credits} credits`));
        return;
      }
      for (const mode of properties['mode']?.enum ?? []) {
        const { credits } = tool.price({ mode }, 1);
        assert.match(description, new RegExp(`\\b${credits}\\b[^,.]* ${mode}\\b`), mode);
      }
    });
  });
}

/** A field that is offered only with choices that agents are not given (earlier names of modes) is not for them. */
function canBeUsed(field: Field, tool: Tool, properties: Readonly<Record<string, Schema>>): boolean {
  const { offered } = field;
  if (!offered) return true;
  return tool.fields.some(choice =>
    properties[choice.id]?.enum?.some(value => offered({ [choice.id]: value })),
  );
}

function assertFits(schema: Schema, field: Field): void {
  switch (field.type) {
    case 'text':
    case 'multiline':
      assert.equal(schema.type, 'string', field.id);
      break;
    case 'choice': {
      const values = field.choices.map(({ value }) => value);
      assert.deepEqual(
        schema.enum?.filter(value => !values.includes(value)),
        [],
        field.id,
      );
      assert.ok(schema.enum?.includes(field.default), field.id);
      break;
    }
    case 'number':
      assert.equal(schema.type, field.decimals === 0 ? 'integer' : 'number', field.id);
      assert.equal(schema.minimum, field.min, field.id);
      assert.ok((schema.maximum ?? field.max) <= field.max, field.id);
  }
}

test('there is no language model tool without a tool, but the one that reads jobs', () => {
  assert.deepEqual(
    languageModelTools.map(({ name }) => name).toSorted(),
    [...tools.map(tool => tool.command.replace('.', '_')), 'magicHour_getJob'].toSorted(),
  );
});

test('the types are not newer than the oldest VS Code that is admitted', () => {
  const admitted = /^\^(\d+)\.(\d+)\.\d+$/.exec(manifest.engines.vscode)?.slice(1).map(Number);
  const types = manifest.devDependencies['@types/vscode']?.split('.').map(Number);
  const installed = (readJson('node_modules/@types/vscode/package.json') as { version: string }).version;
  assert.equal(installed, manifest.devDependencies['@types/vscode']);
  assert.ok(admitted && types);
  assert.equal(types[0], admitted[0]);
  assert.ok((types[1] ?? NaN) <= (admitted[1] ?? NaN));
});

test('only the editor part knows vscode', () => {
  const knowing = code.filter(({ text }) =>
    /from 'vscode'|import\('vscode'\)|require\('vscode'\)/.test(text),
  );
  assert.deepEqual(
    knowing
      .map(({ path }) => path)
      .filter(path => !path.startsWith('src/editor/') && path !== 'src/extension.ts'),
    [],
  );
  assert.ok(knowing.length > 0);
});
