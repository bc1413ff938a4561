// A reporter for node:test: failures in full, `MAGIC_HOUR_REPORT=each` also one line per test that passed, and
// the counts as JSON in the file named by `MAGIC_HOUR_RESULTS`.
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';

const each = process.env.MAGIC_HOUR_REPORT === 'each';
const indent = text => text.replaceAll(/^/gm, '    ');
const seconds = data => `${(data.details.duration_ms / 1000).toFixed(1)} s`;

/** @param {AsyncIterable<import('node:test/reporters').TestEvent>} source */
export default async function* report(source) {
  /** @type {string[]} Names of the suites around the test that is reported. */
  const path = [];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:start':
        path.length = data.nesting;
        path[data.nesting] = data.name;
        break;
      case 'test:pass':
        // A file without tests passes as if it were one.
        if (data.details.type === 'suite' || resolve(data.name) === data.file) break;
        if (data.skip !== undefined || data.todo !== undefined) counts.skipped++;
        else counts.passed++;
        if (each && data.skip === undefined) yield `✔ ${name(data)} (${seconds(data)})\n`;
        break;
      case 'test:fail': {
        const error = data.details.error;
        // A suite fails with its tests, which have been reported.
        if (error?.failureType === 'subtestsFailed') break;
        counts.failed++;
        const file = data.file ? `${relative('', data.file)}: ` : '';
        yield `✖ ${file}${name(data)} (${seconds(data)})\n${indent(inspect(error?.cause ?? error))}\n\n`;
        break;
      }
      case 'test:stdout':
      case 'test:stderr':
        yield data.message;
        break;
    }
  }
  if (process.env.MAGIC_HOUR_RESULTS) writeFileSync(process.env.MAGIC_HOUR_RESULTS, JSON.stringify(counts));

  function name(data) {
    return [...path.slice(0, data.nesting), data.name].join(' › ');
  }
}
