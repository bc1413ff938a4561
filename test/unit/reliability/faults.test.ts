import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { root } from '../support/sources.ts';
import { groups } from './faults/index.ts';
import { observe, type Observation } from './faults/observe.ts';
import { document } from './faults/document.ts';

const observations = new Map<string, Observation>();
const all = groups.flatMap(({ title, faults }) =>
  faults.map(fault => ({ ...fault, title, id: `${title}: ${fault.name}` })),
);

suite('a job that runs into a fault', { concurrency: 10 }, () => {
  for (const fault of all) {
    test(fault.id, { skip: fault.isPossible === false, timeout: 90_000 }, async () => {
      const found = await observe(fault);
      assert.deepEqual(
        { outcome: found.outcome, creates: found.creates, projects: found.projects },
        { outcome: fault.outcome, creates: fault.creates ?? 1, projects: fault.projects ?? 1 },
        [...found.retryMessages, found.message].join('\n'),
      );
      observations.set(fault.id, found);
    });
  }
});

test('there are at least 45 faults, each with its own name', () => {
  assert.ok(all.length >= 45);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
});

const path = join(root, 'docs', 'reliability.md');

/** Set `MAGIC_HOUR_DOCS=write` to update the file. */
test('docs/reliability.md is up to date', async t => {
  if (all.some(({ id, isPossible }) => isPossible !== false && !observations.has(id)))
    return t.skip('not all faults ran');
  const written = await readFile(path, 'utf8');
  const current = document(groups, observations, written);
  if (process.env['MAGIC_HOUR_DOCS'] === 'write') await writeFile(path, current);
  else assert.equal(written, current);
});
