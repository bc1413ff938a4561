import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { root } from '../support/sources.ts';
import { groups } from './faults/index.ts';
import { type Met, meet } from './faults/meet.ts';
import { document } from './faults/document.ts';

const met = new Map<string, Met>();
const all = groups.flatMap(({ title, faults }) =>
  faults.map(fault => ({ ...fault, title, id: `${title}: ${fault.name}` })),
);

suite('a job that meets a fault', { concurrency: 10 }, () => {
  for (const fault of all) {
    test(fault.id, { skip: fault.possible === false, timeout: 30_000 }, async () => {
      const found = await meet(fault);
      assert.deepEqual(
        { outcome: found.outcome, creates: found.creates, projects: found.projects },
        { outcome: fault.outcome, creates: fault.creates ?? 1, projects: fault.projects ?? 1 },
        [...found.troubles, found.words].join('\n'),
      );
      met.set(fault.id, found);
    });
  }
});

test('there are at least 45 faults, each with a name of its own', () => {
  assert.ok(all.length >= 45);
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
});

const path = join(root, 'docs', 'reliability.md');

/** `MAGIC_HOUR_DOCS=write` renews it. */
test('docs/reliability.md is current', async t => {
  if (all.some(({ id, possible }) => possible !== false && !met.has(id)))
    return t.skip('not all faults were run');
  if (process.env['MAGIC_HOUR_DOCS'] === 'write') await writeFile(path, document(groups, met));
  const written = await readFile(path, 'utf8');
  assert.equal(written, document(groups, met, written));
});
