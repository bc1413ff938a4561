// A reporter for node:test. Prints failures in full and, with `MAGIC_HOUR_REPORT=each`, a line for each passed test.
// Writes the number of tests by outcome and the flaky tests as JSON to the file named in `MAGIC_HOUR_RESULTS`.
import { writeFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { inspect } from 'node:util';

const each = process.env.MAGIC_HOUR_REPORT === 'each';
const indent = text => text.replaceAll(/^/gm, '    ');
const seconds = data => `${(data.details.duration_ms / 1000).toFixed(1)} s`;
const isFile = data => resolve(data.name) === data.file;

/** @param {AsyncIterable<import('node:test/reporters').TestEvent>} source */
export default async function* report(source) {
  /** @type {string[]} The names of the current test and the suites that contain it. */
  const path = [];
  const results = { passed: 0, failed: 0, skipped: 0, flaky: [] };
  for await (const { type, data } of source) {
    switch (type) {
      case 'test:start':
        path.length = data.nesting;
        path[data.nesting] = data.name;
        break;
      case 'test:pass':
        // node:test reports a file without tests as a passed test.
        if (data.details.type === 'suite' || isFile(data)) break;
        if (data.skip !== undefined || data.todo !== undefined) results.skipped++;
        else results.passed++;
        if (each && data.skip === undefined) yield `✔ ${name(data)} (${seconds(data)})\n`;
        break;
      case 'test:fail': {
        const error = data.details.error;
        // If a suite fails because of its tests, those have already been reported.
        if (error?.failureType === 'subtestsFailed') break;
        results.failed++;
        const file = data.file ? `${relative('', data.file)}: ` : '';
        yield `✖ ${file}${name(data)} (${seconds(data)})\n${indent(inspect(error?.cause ?? error))}\n\n`;
        break;
      }
      case 'test:diagnostic': {
        const [, flaky] = /^flaky: (.*)/s.exec(data.message) ?? [];
        if (flaky !== undefined) results.flaky.push(flaky);
        // Report an uncaught error that occurred outside of a test.
        if (/^(Error|Warning): /.test(data.message)) yield `${data.message}\n`;
        break;
      }
      case 'test:stdout':
      case 'test:stderr':
        yield data.message;
        break;
    }
  }
  if (process.env.MAGIC_HOUR_RESULTS) writeFileSync(process.env.MAGIC_HOUR_RESULTS, JSON.stringify(results));

  function name(data) {
    return [...path.slice(0, data.nesting), data.name].join(' › ');
  }
}
