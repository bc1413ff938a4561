import type { FaultGroup, Outcome } from './fault.ts';
import type { Met } from './meet.ts';

const outcomes: Readonly<Record<Outcome, string>> = {
  'goes on': 'Goes on by itself, saved',
  asks: 'Asks the person',
  'needs key': 'Waits for a key, then goes on',
  'ends unpaid': 'Ends; nothing was paid',
  'ends, goes on free': 'Ends; can be picked up at no cost',
  ends: 'Ends; Magic Hour made nothing',
  'not started': 'Not started',
};

const head = `# Reliability

What becomes of a job when something goes wrong, and what a person reads. Written by \`test/unit/reliability\`, which runs the
whole extension below the editor into each of these faults, over real sockets and on a real disk, and then does what a person
would: in every row the result is saved in the end, once, with the bytes that were served, for no more creates than were agreed
to, with neither key nor signed address in anything written. Renew it with
\`MAGIC_HOUR_DOCS=write npx node --test test/unit/reliability/faults.test.ts\`.

*Creates* are requests that reached the server, *projects* what was made of them and can be charged; a create is sent again only
after a refusal. In brackets is the button that comes with the words. Words in italics are of something that is tried again by
itself: they stand beside the job while it lasts.
`;

const cell = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');

const withButton = (text: string): string => text.replace(/ \[([^\]]+)\]$/, ' **[$1]**');

/**
 * The table of all faults. Rows that cannot be had on this system are taken from \`before\`, where they are.
 */
export function document(groups: readonly FaultGroup[], met: ReadonlyMap<string, Met>, before = ''): string {
  const sections = groups.map(({ title, faults }) => {
    const rows = faults.map(({ name }) => {
      const found = met.get(`${title}: ${name}`);
      if (!found) return before.split('\n').find(line => line.startsWith(`| ${cell(name)} |`)) ?? '';
      const { outcome, creates, projects, troubles, words } = found;
      const lines = [...troubles.map(each => `*${cell(each)}*`), ...(words ? [withButton(cell(words))] : [])];
      const read = lines.join('<br>') || '–';
      return `| ${cell(name)} | ${outcomes[outcome]} | ${creates} / ${projects} | ${read} |`;
    });
    return [
      `## ${title}`,
      '',
      '| Fault | Outcome | Creates / projects | A person reads |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `${[head, ...sections].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
