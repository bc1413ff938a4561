import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { historyCsv } from '../../../src/editor/jobsView/history.ts';
import { jobOf } from './job.ts';

const header = 'created,ended,tool,name,state,credits,project,results,inputs';
const lines = (...jobs: Parameters<typeof historyCsv>[0]): string[] => historyCsv(jobs).split('\r\n');

suite('historyCsv', () => {
  test('without jobs has its header', () => {
    assert.equal(historyCsv([]), `${header}\r\n`);
  });

  test('has a line for each job, in the order given, and ends with a line end', () => {
    const job = jobOf(
      {
        endedAt: Date.UTC(2026, 10, 20, 12, 0, 15),
        creditsCharged: 50,
        projectId: 'abc',
        results: ['file:///w/a%20b.png', 'file:///w/c.png'],
      },
      { values: { name: 'Anna' } },
    );
    const waiting = jobOf({ phase: 'waiting' }, { tool: 'talkingPhoto' });
    assert.deepEqual(lines(job, waiting), [
      header,
      '2026-11-20T12:00:00.000Z,2026-11-20T12:00:15.000Z,headshot,Anna,saved,50,abc,file:///w/a%20b.png file:///w/c.png,file:///w/anna.png',
      '2026-11-20T12:00:00.000Z,,talkingPhoto,,waiting,,,,file:///w/anna.png',
      '',
    ]);
  });

  const nameCell = (name: string): string | undefined =>
    historyCsv([jobOf({}, { values: { name } })])
      .slice(header.length)
      .match(/headshot,(.*),saved/s)?.[1];

  test('quotes cells with separators, quotes and line ends', () => {
    assert.equal(nameCell('a,b'), '"a,b"');
    assert.equal(nameCell('say "hi"'), '"say ""hi"""');
    assert.equal(nameCell('a\nb'), '"a\nb"');
    assert.equal(nameCell('a;b'), 'a;b');
  });

  test('no cell is a formula for a spreadsheet', () => {
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1']) assert.equal(nameCell(name), `'${name}`);
    assert.equal(nameCell('=HYPERLINK("http://x")'), `"'=HYPERLINK(""http://x"")"`);
  });

  test('has no secrets of addresses', () => {
    const url = 'https://ada:s3cret@example.com/anna.png?token=s3cret#s3cret';
    const [, line] = lines(jobOf({}, { inputs: { image: { kind: 'url', url } } }));
    assert.match(line ?? '', /,https:\/\/example\.com\/anna\.png$/);
  });

  test('a job that cost nothing shows 0, not nothing', () => {
    assert.match(lines(jobOf({ creditsCharged: 0, phase: 'failed' }))[1] ?? '', /,failed,0,/);
  });
});
