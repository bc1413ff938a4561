import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { historyCsv } from '../../../src/editor/jobsView/history.ts';
import { jobOf } from './job.ts';

const header = 'created,ended,tool,name,state,credits,project,earlierProjects,results,inputs';
const lines = (...jobs: Parameters<typeof historyCsv>[0]): string[] => historyCsv(jobs).split('\r\n');

suite('historyCsv', () => {
  test('consists of its header when there are no jobs', () => {
    assert.equal(historyCsv([]), `${header}\r\n`);
  });

  test('has a line for each job in the given order, and ends with a line break', () => {
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
      '2026-11-20T12:00:00.000Z,2026-11-20T12:00:15.000Z,headshot,Anna,saved,50,abc,,file:///w/a%20b.png file:///w/c.png,file:///w/anna.png',
      '2026-11-20T12:00:00.000Z,,talkingPhoto,,waiting,,,,,file:///w/anna.png',
      '2026-11,,total,,,50,,,,',
      '',
    ]);
  });

  test('lists every project that a job may have paid for', () => {
    const job = jobOf({ projectId: 'second', earlierProjects: ['first', 'lost'] });
    assert.match(lines(job)[1] ?? '', /,second,first lost,/);
  });

  test('ends with the credits of each month', () => {
    const october = jobOf({ createdAt: Date.UTC(2026, 9, 20, 12), creditsCharged: 7 });
    const november = jobOf({ creditsCharged: 50 });
    assert.deepEqual(lines(november, november, october).slice(-3), [
      '2026-11,,total,,,100,,,,',
      '2026-10,,total,,,7,,,,',
      '',
    ]);
  });

  test('counts what the earlier projects of a job cost', () => {
    const again = jobOf({
      projectId: 'second',
      earlierProjects: ['first'],
      earlierCredits: 50,
      creditsCharged: 48,
    });
    assert.match(lines(again)[1] ?? '', /,98,second,first,/);
    assert.match(lines(again)[2] ?? '', /total,,,98,/);
    const waiting = jobOf({ phase: 'queued', earlierProjects: ['first'], earlierCredits: 50 });
    assert.match(lines(waiting)[1] ?? '', /,50,,first,/);
  });

  const nameCell = (name: string): string | undefined =>
    historyCsv([jobOf({}, { values: { name } })])
      .slice(header.length)
      .match(/headshot,(.*),saved/s)?.[1];

  test('quotes cells with separators, quotes and line breaks', () => {
    assert.equal(nameCell('a,b'), '"a,b"');
    assert.equal(nameCell('say "hi"'), '"say ""hi"""');
    assert.equal(nameCell('a\nb'), '"a\nb"');
    assert.equal(nameCell('a;b'), 'a;b');
  });

  test('contains no formulas for a spreadsheet', () => {
    for (const name of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1']) assert.equal(nameCell(name), `'${name}`);
    assert.equal(nameCell('=HYPERLINK("http://x")'), `"'=HYPERLINK(""http://x"")"`);
  });

  test('contains no secrets from URLs', () => {
    const url = 'https://ada:s3cret@example.com/anna.png?token=s3cret#s3cret';
    const [, line] = lines(jobOf({}, { inputs: { image: { kind: 'url', url } } }));
    assert.match(line ?? '', /,https:\/\/example\.com\/anna\.png$/);
  });

  test('shows 0 credits for a free job', () => {
    assert.match(lines(jobOf({ creditsCharged: 0, phase: 'failed' }))[1] ?? '', /,failed,0,/);
  });
});
