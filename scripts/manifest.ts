// Generates everything that depends on the tools: the manifest's commands, menus, and language model tools, their
// strings in every language, and the price table in the README. With `--check`, only lists outdated files.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readValues } from '../src/shared/draft.ts';
import { extensions } from '../src/shared/formats.ts';
import { strings } from '../src/shared/strings/index.ts';
import { tools } from '../src/tools/index.ts';
import { hasLowerBound, isPerSecond, ratesOf, type Rate } from '../src/tools/rates.ts';
import {
  assetKinds,
  earliestEnd,
  isOffered,
  requiredInputs,
  type AssetKind,
  type Choice,
  type ChoiceField,
  type Field,
  type FieldValues,
  type Tool,
  type ToolInput,
} from '../src/tools/tool.ts';

const root = join(import.meta.dirname, '..');
const submenu = 'magicHour.tools';
/** The maximum number of tools in the submenu for a kind of file. The others are under “Create…”. */
const longestMenu = 8;

interface Row {
  readonly command?: string;
  readonly submenu?: string;
  readonly group?: string;
  readonly when?: string;
}

interface Manifest {
  contributes: {
    commands: { command: string }[];
    menus: Record<string, Row[]>;
    languageModelTools: { name: string }[];
  };
}

type Texts = Record<string, string>;

/** The expected content of every generated file, by path. */
export function generatedFiles(read = readText): ReadonlyMap<string, string> {
  const manifest = JSON.parse(read('package.json')) as Manifest;
  const english = JSON.parse(read('package.nls.json')) as Texts;
  const languages = globSync('package.nls.*.json', { cwd: root }).toSorted();
  return new Map([
    ['package.json', json(withTools(manifest))],
    ['package.nls.json', json({ ...english, ...texts })],
    ...languages.map(path => {
      const language = /^package\.nls\.(.+)\.json$/.exec(path)?.[1] ?? '';
      const bundle = JSON.parse(read(`l10n/bundle.l10n.${language}.json`)) as Texts;
      return [path, json(translated(JSON.parse(read(path)) as Texts, bundle, english))] as const;
    }),
    ['README.md', withPrices(read('README.md'))],
  ]);
}

const readText = (path: string): string => readFileSync(join(root, path), 'utf8');
const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** Replaces everything in the manifest that depends on the tools and keeps the rest as is. */
function withTools(manifest: Manifest): Manifest {
  const { contributes } = manifest;
  const { menus } = contributes;
  const isTool = (name: string): boolean => tools.some(tool => tool.command === name);
  const others = contributes.commands.filter(({ command }) => !isTool(command));
  const otherAgentTools = contributes.languageModelTools.filter(
    ({ name }) => !isTool(name.replace('_', '.')),
  );
  const openers = (rows: Row[] = []) =>
    rows.map(row => {
      if (row.submenu !== submenu) return row;
      const rest = row.when?.replace(/resourceExtname =~ \S+$/, '') ?? '';
      return { ...row, when: rest + hasExtension(kindsInMenu()) };
    });
  return {
    ...manifest,
    contributes: {
      ...contributes,
      commands: [...tools.map(commandOf), ...others],
      menus: {
        ...menus,
        'explorer/context': openers(menus['explorer/context']),
        'editor/title/context': openers(menus['editor/title/context']),
        [submenu]: menuRows(),
      },
      languageModelTools: [...tools.map(agentToolOf), ...otherAgentTools],
    },
  };
}

// ── Commands and menus ───────────────────────────────────────────────────────────────────────────────────────

const stemOf = (tool: Tool): string => tool.command.replace('magicHour.', '');

const commandOf = (tool: Tool) => ({
  command: tool.command,
  title: `%command.${stemOf(tool)}%`,
  category: 'Magic Hour',
  icon: `$(${tool.icon})`,
});

const groups = ['portrait', 'edit', 'create'] as const;

const inMenuOrder = (some: readonly Tool[]): readonly Tool[] =>
  groups.flatMap(group => some.filter(tool => tool.group === group));

/** A tool appears in the menu only for the kinds of files that it requires, not for those of optional inputs. */
const fitsKind = (tool: Tool, kind: AssetKind): boolean =>
  requiredInputs(tool).some(input => input.accepts === kind);

const kindsInMenu = (): readonly AssetKind[] =>
  assetKinds.filter(kind => tools.some(tool => fitsKind(tool, kind)));

/** Returns the tools that the menu shows for a kind of file. A new tool doesn't displace an existing one. */
const shownFor = (kind: AssetKind): readonly Tool[] =>
  tools.filter(tool => fitsKind(tool, kind)).slice(0, longestMenu);

function menuRows(): Row[] {
  const crowded = kindsInMenu().filter(
    kind => tools.filter(tool => fitsKind(tool, kind)).length > longestMenu,
  );
  const rows = inMenuOrder(tools).flatMap((tool, index) => {
    const kinds = kindsInMenu().filter(kind => shownFor(kind).includes(tool));
    if (kinds.length === 0) return [];
    const group = `${groups.indexOf(tool.group) + 1}_${tool.group}@${index + 1}`;
    return [{ command: tool.command, group, when: hasExtension(kinds) }];
  });
  const more = { command: 'magicHour.create', group: '9_more', when: hasExtension(crowded) };
  return crowded.length > 0 ? [...rows, more] : rows;
}

function hasExtension(kinds: readonly AssetKind[]): string {
  const all = new Set(kinds.flatMap(kind => extensions[kind]));
  return `resourceExtname =~ /^\\.(${[...all].join('|')})$/i`;
}

// ── Language model tools ─────────────────────────────────────────────────────────────────────────────────────

/** Returns the name used in chat, such as `#headshot` or `#removeBackground`. */
export const chatName = (tool: Tool): string =>
  stemOf(tool).replace(/^create(\w)/, (_, first: string) => first.toLowerCase());

function agentToolOf(tool: Tool) {
  const properties = {
    ...Object.fromEntries(tool.inputs.map(input => [input.id, inputSchema(tool, input)])),
    ...clipSchemas(tool),
    ...Object.fromEntries(
      tool.fields
        .filter(field => isForAgents(tool, field))
        .map(field => [field.id, fieldSchema(tool, field)]),
    ),
  };
  const required = [
    ...requiredInputs(tool).map(({ id }) => id),
    ...tool.fields.filter(field => 'required' in field && field.required).map(({ id }) => id),
  ];
  return {
    name: tool.command.replace('.', '_'),
    displayName: `%agent.${tool.id}.name%`,
    userDescription: `%agent.${tool.id}.description%`,
    modelDescription: [
      strings[tool.summary],
      `Uses Magic Hour${priceSentence(tool)}.`,
      `Takes ${durationWords(tool.medianSeconds)} and saves the result ${tool.inputs.length > 0 ? 'next to the input file' : 'in the workspace'}.`,
      'Returns JSON with the state, the saved files, the options used, and the credits charged.',
      "If it seems slow, don't call it again for the same input. Check the job with magicHour_getJob instead.",
    ].join(' '),
    toolReferenceName: chatName(tool),
    canBeReferencedInPrompt: true,
    icon: `$(${tool.icon})`,
    tags: ['magic-hour', tool.project],
    inputSchema: { type: 'object', properties, required },
  };
}

function inputSchema({ inputs }: Tool, input: ToolInput) {
  const a = /^[aeiou]/.test(input.accepts) ? 'an' : 'a';
  const place = `Path of ${a} ${input.accepts} file relative to the workspace folder, or an https URL ending in ${a} ${input.accepts} file name.`;
  return {
    type: 'string',
    description: `${sentence(strings[input.label])} ${strings[input.hint]} ${
      inputs.indexOf(input) > 0 && input.optional ? 'A path or https URL.' : place
    }`,
  };
}

function clipSchemas(tool: Tool) {
  const { clip } = tool;
  if (!clip) return {};
  const limits = ratesOf(tool).map(({ values, chosen }) => ({
    limit: clip.limitSeconds(values),
    words: wordsOf(chosen),
  }));
  const isSame = new Set(limits.map(({ limit }) => limit)).size === 1;
  const longest = isSame
    ? `${limits[0]?.limit} s`
    : limits.map(({ limit, words }) => `${limit} s with ${words}`).join(', ');
  const shortest = clip.minSeconds === undefined ? '' : `Minimum length: ${clip.minSeconds} s. `;
  return {
    start: {
      type: 'number',
      minimum: 0,
      description: 'Start of the clip in seconds. Defaults to 0.',
    },
    end: {
      type: 'number',
      minimum: Math.max(earliestEnd, clip.minSeconds ?? 0),
      description: `End of the clip in seconds. Defaults to the longest possible clip. ${shortest}Maximum length: ${longest}.`,
    },
  };
}

const currentChoices = (field: ChoiceField) => field.choices.filter(({ older }) => !older);

/** Excludes fields that matter only with choices that aren't available to agents. */
const isForAgents = (tool: Tool, field: Field): boolean =>
  isOffered(field, defaultsOf(tool)) || conditionsOf(tool, field).length > 0;

/** Finds the choices that, on their own, make a field appear. */
function conditionsOf(tool: Tool, field: Field): { field: ChoiceField; values: readonly string[] }[] {
  if (!field.offered || isOffered(field, defaultsOf(tool))) return [];
  return tool.fields.flatMap(other => {
    if (other.type !== 'choice') return [];
    const values = currentChoices(other)
      .map(({ value }) => value)
      .filter(value => field.offered?.({ ...defaultsOf(tool), [other.id]: value }));
    return values.length > 0 ? [{ field: other, values }] : [];
  });
}

function fieldSchema(tool: Tool, field: Field) {
  const conditions = conditionsOf(tool, field).map(
    ({ field: { id }, values }) => `Only with ${id} ${values.join(' or ')}.`,
  );
  const description = [
    sentence(strings[field.label]),
    field.hint && strings[field.hint],
    field.type === 'choice' && choiceWords(field),
    ...conditions,
  ]
    .filter(Boolean)
    .join(' ');
  switch (field.type) {
    case 'text':
    case 'multiline': {
      const { maxLength } = field;
      return { type: 'string', ...(maxLength && { maxLength }), description };
    }
    case 'choice': {
      const values = currentChoices(field).map(({ value }) => value);
      if (field.sentAs === 'boolean') return { type: 'boolean', description };
      return field.sentAs === 'number'
        ? { type: 'number', enum: values.map(Number), description }
        : { type: 'string', enum: values, description };
    }
    case 'number':
      return {
        type: field.decimals === 0 ? 'integer' : 'number',
        minimum: field.min,
        maximum: field.max,
        ...(field.step && { multipleOf: field.step }),
        description,
      };
  }
}

/**
 * Describes choices whose labels are more informative than their values, such as `realistic: Realistic – keeps the
 * likeness best.`
 */
function choiceWords(field: ChoiceField): string {
  if (field.sentAs === 'boolean') return '';
  const told = currentChoices(field)
    .map(({ value, label }) => ({ value, label: labelText(label) }))
    .filter(({ value, label }) => label.toLowerCase() !== value.toLowerCase())
    .map(({ value, label }) => `${value}: ${label}`);
  const choices = currentChoices(field);
  const paid = choices.filter(choice => choice.paid).map(({ value }) => value);
  return [
    told.length > 0 && `${told.join('; ')}.`,
    paid.length > 0 && `Only with a paid plan: ${paid.join(', ')}.`,
    choices.some(({ offered }) => offered) &&
      'A value that isn’t available with the other options becomes the nearest one that is.',
    `Default: ${field.default}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

/** A label is either a key in the string table or a name that is the same in every language. */
const labelText = (label: string): string => (strings as Texts)[label] ?? label;
const sentence = (text: string): string => (/[.?!…]$/.test(text) ? text : `${text}.`);

// ── Prices and durations in words ────────────────────────────────────────────────────────────────────────────

const defaultsOf = (tool: Tool): FieldValues => readValues(tool, {});

/** If a tool has more prices than this, the table shows a range instead of each price. */
const mostOptions = 3;

interface PriceText {
  /** Text for users, such as `realistic`. */
  readonly label: string;
  /** Text for agents, such as `mode realistic`. Empty if the price has no conditions. */
  readonly words: string;
  readonly price: string;
}

function priceTexts(tool: Tool): readonly PriceText[] {
  const rates = ratesOf(tool);
  const credits = rates.map(rate => rate.credits);
  const lowest = Math.min(...credits);
  const unit = isPerSecond(tool) ? 'per second' : 'each';
  const about = isPerSecond(tool) ? 'about ' : '';
  const priceOf = (amount: string): string => (amount === '0' ? 'free' : `${amount} ${unit}`);
  const single = (amount: string): readonly PriceText[] => [{ label: '', words: '', price: priceOf(amount) }];
  if (hasLowerBound(tool)) return single(`from ${lowest}`);
  if (rates.length > mostOptions) return single(`${about}${lowest}–${Math.max(...credits)}`);
  return rates.map(({ chosen, credits: amount }) => ({
    label: chosen.map(({ choice }) => shortLabel(choice)).join(', '),
    words: wordsOf(chosen),
    price: priceOf(amount === 0 ? '0' : about + amount),
  }));
}

const wordsOf = (chosen: Rate['chosen']): string =>
  chosen.map(({ field, choice }) => `${field.id} ${choice.value}`).join(' and ');

/** Returns the part of a label before its explanation. */
const shortLabel = ({ label }: Choice): string => (labelText(label).split(' – ')[0] ?? '').toLowerCase();

function priceSentence(tool: Tool): string {
  const rates = priceTexts(tool);
  const told = rates.map(({ words, price }) =>
    price === 'free' ? price : `${withCredits(price)}${words && ` with ${words}`}`,
  );
  const depends = rates.length === 1 && tool.pricedBy ? `, depending on ${listOf(tool.pricedBy)}` : '';
  return told[0] === 'free' ? ', free of charge' : ` and costs ${told.join(', ')}${depends}`;
}

const withCredits = (price: string): string =>
  price
    .replace(/(\d+) /, (_, amount: string) => `${amount} ${amount === '1' ? 'credit' : 'credits'} `)
    .replace('each', 'per result')
    .replace('from', 'at least');

const listOf = (words: readonly string[]): string => new Intl.ListFormat('en').format(words);

function durationWords(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  if (seconds < 60) return `about ${seconds} seconds`;
  return minutes === 1 ? 'about a minute' : `about ${minutes} minutes`;
}

function withPrices(readme: string): string {
  const rows = tools.flatMap(tool =>
    priceTexts(tool).map(({ label, price }, index) => {
      const name = strings[tool.title] + (label && `, *${label}*`);
      return `| ${name} | ${price} | ${index === 0 ? `\`#${chatName(tool)}\`` : ''} |`;
    }),
  );
  const table = ['| Tool | Credits | In chat |', '| --- | --- | --- |', ...rows].join('\n');
  const marked = /(<!-- prices: npm run manifest -->\n)[\s\S]*?(\n<!-- end of prices -->)/;
  if (!marked.test(readme)) throw new Error('README.md has lost the comments around its price table');
  return readme.replace(marked, (_, start: string, end: string) => `${start}${table}${end}`);
}

// ── Texts ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The manifest strings that are copied from the tools' strings, by their key in `package.nls.json`. */
const texts: Texts = Object.fromEntries(
  tools.flatMap(tool => [
    [`command.${stemOf(tool)}`, strings[tool.commandTitle]],
    [`agent.${tool.id}.name`, strings[tool.title]],
    [`agent.${tool.id}.description`, strings[tool.summary]],
  ]),
);

/** Copies the translations of tools' strings from the bundle, so that each string is translated only once. */
function translated(before: Texts, bundle: Texts, english: Texts): Texts {
  const entries = Object.entries(texts).map(([key, text]) => {
    const unchanged = english[key] === text ? before[key] : undefined;
    return [key, bundle[text] || unchanged] as const;
  });
  const { ...all } = before;
  for (const [key, text] of entries) {
    if (text) all[key] = text;
    else delete all[key];
  }
  return all;
}

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const stale = [...generatedFiles()].filter(([path, text]) => readText(path) !== text);
  for (const [path, text] of stale) {
    if (check) console.error(`${path} is out of date: run "npm run manifest".`);
    else writeFileSync(join(root, path), text);
  }
  if (check && stale.length > 0) process.exitCode = 1;
}
