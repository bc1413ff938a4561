import type { FaultGroup, Outcome } from './fault.ts';
import type { Observation } from './observe.ts';

const outcomes: Readonly<Record<Outcome, string>> = {
  recovers: 'Recovers on its own; saved',
  asks: 'Asks whether the project was created',
  'needs key': 'Waits for an API key, then resumes',
  'ends unpaid': 'Ends; nothing charged',
  'ends, resumes free': 'Ends; can be resumed at no charge',
  ends: 'Ends; the project has no result',
  'not started': 'Rejected; nothing started',
};

const head = `# Reliability

What happens to a job when something goes wrong, and what the user sees.

The tests in \`test/unit/reliability\` generate this page. They run everything below the editor against the fake API over real sockets and on
a real disk, inject each fault, and then do what a user would do. In every case, the result ends up saved exactly once, byte for byte as the
server sent it, and no more projects are created than were approved. The API key and signed URLs are never written to disk. To update this
page, run \`MAGIC_HOUR_DOCS=write node --test test/unit/reliability/faults.test.ts\`.

*Requests* counts the create requests that reached the server. *Projects* counts what the server created from them and may charge for. A
create request is sent again only after the server rejected the previous one. Messages in *italics* are shown next to the job while the
extension is retrying. If a message has a button, the button follows in **[brackets]**.
`;

const cell = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');

const withButton = (text: string): string => text.replace(/ \[([^\]]+)\]$/, ' **[$1]**');

/** Creates the page. Rows for faults that this system can't produce are taken from `before`. */
export function document(
  groups: readonly FaultGroup[],
  observations: ReadonlyMap<string, Observation>,
  before = '',
): string {
  const sections = groups.map(({ title, faults }) => {
    const rows = faults.map(({ name }) => {
      const found = observations.get(`${title}: ${name}`);
      if (!found) return before.split('\n').find(line => line.startsWith(`| ${cell(name)} |`)) ?? '';
      const { outcome, creates, projects, retryMessages, message } = found;
      const lines = [
        ...retryMessages.map(each => `*${cell(each)}*`),
        ...(message ? [withButton(cell(message))] : []),
      ];
      const read = lines.join('<br>') || '–';
      return `| ${cell(name)} | ${outcomes[outcome]} | ${creates} / ${projects} | ${read} |`;
    });
    return [
      `## ${title}`,
      '',
      '| Fault | Outcome | Requests / projects | The user sees |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `${[head, ...sections].join('\n\n').replace(/\n{3,}/g, '\n\n')}\n`;
}
