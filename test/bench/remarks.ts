/** Explanations of figures, by row. */
export const remarks: Readonly<Record<string, string>> = {
  put: 'Client, storage server and disk share the processor cores, so on two cores the figures vary by 10% and more.',
  'clip-time':
    'For a short file that’s used completely, both clients send the same bytes at the same time, so there’s next to nothing to gain. The extension also checks both files before the upload. Before the create request it flushes its record to the disk and opens a new connection, so that no paid job is lost or bought twice. The target is what that may cost. Everything else that’s recorded is written during the upload.',
  polling:
    'For 2 s of rendering, the official client polls five times. An eighth of that is less than one, so the target is one poll, the fewest possible. The first job of a kind only knows the published median and polls more often; its number is in parentheses.',
  package:
    'The target was 600 KB for four tools. With 16 tools, their translations and the samples of the walkthrough (63 KB), it’s 700 KB.',
  memory: 'The pages are those of a complete VS Code, so the figure includes its other activity.',
};
