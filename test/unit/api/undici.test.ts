import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { suite, test } from 'node:test';
import { Agent, Pool, ProxyAgent } from '../../../src/api/undici.ts';
import { root } from '../support/sources.ts';

suite('undici, imported by paths', () => {
  test('is the same as from its main entry', async () => {
    const methods = (prototype: object) => [
      Reflect.get(prototype, 'request'),
      Reflect.get(prototype, 'connect'),
    ];
    const before = methods(Agent.prototype);
    const { default: entry } = await import('undici');
    for (const [name, ours] of Object.entries({ Agent, Pool, ProxyAgent })) {
      assert.equal(ours, Reflect.get(entry, name), name);
      assert.ok(ours.prototype instanceof entry.Dispatcher, name);
    }
    // By now, the main entry point has been loaded and could have added its own methods.
    assert.deepEqual(before, methods(entry.Dispatcher.prototype));
    for (const method of before) assert.equal(typeof method, 'function');
  });

  test('is pinned to the version that was reviewed', async () => {
    const { dependencies } = JSON.parse(await readFile(`${root}/package.json`, 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const { version } = JSON.parse(await readFile(`${root}/node_modules/undici/package.json`, 'utf8')) as {
      version: string;
    };
    const source = await readFile(`${root}/src/api/undici.ts`, 'utf8');
    assert.equal(dependencies['undici'], version);
    assert.ok(
      source.includes(`undici ${version}`),
      `src/api/undici.ts speaks of another version than ${version}`,
    );
  });
});
