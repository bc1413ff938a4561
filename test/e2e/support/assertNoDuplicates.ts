import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isOf, type CrashTest } from './crashTest.ts';
import { nameOf, readJobs } from './jobRecords.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/**
 * Asserts that nothing was lost, charged twice, or saved twice. No job may have more create requests than approvals,
 * and the workspace must contain exactly `inputs` and one file per project with the bytes that the fake API served.
 */
export function assertNoDuplicates(
  { host, window, control }: Pick<CrashTest, 'host' | 'window' | 'control'>,
  inputs: Iterable<string>,
): void {
  const jobs = readJobs(host);
  const approval = jobs.reduce((sum, { approval }) => sum + approval, 0);
  assert.ok(
    control.creates().length <= approval,
    `${control.creates().length} creates, ${approval} approval`,
  );
  for (const job of jobs) {
    const creates = control.projects().filter(({ body }) => isOf(job, body));
    assert.ok(creates.length <= job.approval, `${nameOf(job)} was bought ${creates.length} times`);
  }

  const given = new Set(inputs);
  const found = readdirSync(window.folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => relative(window.folder, join(entry.parentPath, entry.name)))
    .filter(path => !given.has(path));
  const saved = found.map(path => sha256(readFileSync(window.path(path))));
  const served = control.projects().map(({ id }) => control.results(id)[0]?.sha256 ?? '');
  assert.deepEqual(
    saved.toSorted(),
    served.toSorted(),
    `one file for each project; there are ${found.join(', ')}`,
  );
}
