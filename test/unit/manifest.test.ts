import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { generatedFiles } from '../../scripts/manifest.ts';
import { outputStem } from '../../src/shared/outputName.ts';
import { jobActions } from '../../src/shared/jobAction.ts';
import { tools } from '../../src/tools/index.ts';
import { requiredInputs } from '../../src/tools/tool.ts';
import { facts } from '../fake-api/facts.ts';
import { read, readJson, sources } from './support/sources.ts';

/** The parts that depend on the tools are generated. These tests check that the other parts match the code. */
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
  readonly toolReferenceName: string;
  readonly inputSchema: {
    readonly properties: Readonly<Record<string, object>>;
    readonly required: readonly string[];
  };
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

  test('exist only once', () => {
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

  test("that need a job aren't in the palette", () => {
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
    const inCode = [...all.matchAll(/\bsetting(?:<\w+>)?\('(magicHour\.\w+)', ([^,)]+)[,)]/g)];
    assert.deepEqual(
      inCode.map(([, name]) => name ?? '').toSorted(),
      Object.keys(configuration.properties).toSorted(),
    );
    for (const [, name = '', fallback = ''] of inCode) {
      const { default: value } = configuration.properties[name] ?? {};
      // An empty name means the default, so that users can clear the setting.
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

suite('what is generated from the tools', () => {
  for (const [path, text] of generatedFiles())
    test(`${path} is what \`npm run manifest\` writes`, () => assert.equal(read(path), text));

  test("a tool that the manifest doesn't have yet is added everywhere", () => {
    const isTool = (name = ''): boolean => tools.some(({ command }) => command === name.replace('_', '.'));
    const without = {
      ...manifest,
      contributes: {
        ...manifest.contributes,
        commands: commands.filter(({ command }) => !isTool(command)),
        menus: { ...menus, 'magicHour.tools': [] },
        languageModelTools: languageModelTools.filter(({ name }) => !isTool(name)),
      },
    };
    const files = generatedFiles(path => (path === 'package.json' ? JSON.stringify(without) : read(path)));
    assert.equal(files.get('package.json'), read('package.json'));
  });

  // Users, keybindings, and agents rely on these names.
  for (const [command, title, agentTool, chatName] of [
    ['createHeadshot', 'Create AI Headshot…', 'magicHour_createHeadshot', 'headshot'],
    ['createTalkingPhoto', 'Create Talking Photo…', 'magicHour_createTalkingPhoto', 'talkingPhoto'],
    ['removeBackground', 'Remove Background…', 'magicHour_removeBackground', 'removeBackground'],
    ['colorizePhoto', 'Colorize Photo…', 'magicHour_colorizePhoto', 'colorizePhoto'],
  ] as const)
    test(`magicHour.${command} keeps its names`, () => {
      const texts = readJson('package.nls.json') as Record<string, string>;
      assert.ok(commands.some(each => each.command === `magicHour.${command}`));
      assert.equal(texts[`command.${command}`], title);
      const found = languageModelTools.find(({ name }) => name === agentTool);
      assert.equal(found?.toolReferenceName, chatName);
    });

  test('names in chat and agent tools are unique', () => {
    for (const key of ['name', 'toolReferenceName'] as const)
      assert.equal(new Set(languageModelTools.map(each => each[key])).size, languageModelTools.length);
  });

  test('the schemas for agents are valid, and require only what they describe', () => {
    const ajv = new Ajv2020({ strict: true });
    for (const { inputSchema } of languageModelTools) {
      ajv.compile(inputSchema);
      for (const name of inputSchema.required) assert.ok(name in inputSchema.properties, name);
    }
  });

  test('context keys in the walkthrough name tools', () => {
    const named = [...read('package.json').matchAll(/magicHour\.made\.(\w+)/g)].map(([, id]) => id);
    assert.ok(named.length > 0);
    assert.deepEqual(
      named.filter(id => !tools.some(tool => tool.id === id)),
      [],
    );
  });
});

suite('menus', () => {
  /** Evaluates the part of a `when` clause that's about the file extension. */
  const passes = (when = '', extension: string): boolean => {
    const pattern = /resourceExtname =~ \/(.+)\/i/.exec(when)?.[1];
    assert.ok(pattern, `no pattern in: ${when}`);
    return new RegExp(pattern, 'i').test(extension);
  };
  const usedKinds = new Set(tools.flatMap(tool => requiredInputs(tool).map(({ accepts }) => accepts)));
  /** Some extensions belong to two kinds. */
  const kindsOf = (extension: string) =>
    [...usedKinds].filter(kind => facts.extensions[kind].includes(extension));
  const files = [...new Set([...usedKinds].flatMap(kind => facts.extensions[kind]))];

  for (const menu of ['explorer/context', 'editor/title/context'])
    test(`${menu} has the submenu on files that Magic Hour supports, and on no others`, () => {
      const row = menus[menu]?.find(({ submenu }) => submenu === 'magicHour.tools');
      for (const extension of files) {
        assert.ok(passes(row?.when, `.${extension}`), extension);
        assert.ok(passes(row?.when, `.${extension.toUpperCase()}`), extension);
      }
      for (const other of ['', '.txt', '.png.txt', '.svg', '.mp31'])
        assert.ok(!passes(row?.when, other), other);
    });

  test('a tool is offered on files of the kinds it needs', () => {
    for (const { command, when } of menus['magicHour.tools'] ?? []) {
      const tool = tools.find(each => each.command === command);
      if (!tool) continue;
      const needs = requiredInputs(tool).map(({ accepts }) => accepts);
      for (const extension of files) {
        const fits = kindsOf(extension).some(kind => needs.includes(kind));
        assert.equal(passes(when, `.${extension}`), fits, `${command} on ${extension}`);
      }
    }
  });

  test('no kind of file has more than eight entries and “Create…”', () => {
    for (const extension of files) {
      const shown = menus['magicHour.tools']?.filter(({ when }) => passes(when, `.${extension}`)) ?? [];
      assert.ok(shown.length > 0 && shown.length <= 9, `${extension}: ${shown.length}`);
    }
  });
});

test('every language model tool belongs to a tool, except the one that reads jobs', () => {
  assert.deepEqual(
    languageModelTools.map(({ name }) => name).toSorted(),
    [...tools.map(tool => tool.command.replace('.', '_')), 'magicHour_getJob'].toSorted(),
  );
});

test("the types aren't newer than the oldest supported VS Code", () => {
  const admitted = /^\^(\d+)\.(\d+)\.\d+$/.exec(manifest.engines.vscode)?.slice(1).map(Number);
  const types = manifest.devDependencies['@types/vscode']?.split('.').map(Number);
  const installed = (readJson('node_modules/@types/vscode/package.json') as { version: string }).version;
  assert.equal(installed, manifest.devDependencies['@types/vscode']);
  assert.ok(admitted && types);
  assert.equal(types[0], admitted[0]);
  assert.ok((types[1] ?? NaN) <= (admitted[1] ?? NaN));
});

test('only the editor part imports vscode', () => {
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
