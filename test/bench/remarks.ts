/** Explanations of figures, by row. */
export const remarks: Readonly<Record<string, string>> = {
  put: 'The client, the storage server, and the disk share the processor cores, so on two cores, the figures vary by 10% or more.',
  'clip-time':
    'For a short file that’s used in full, both clients send the same bytes at the same time, so there’s next to nothing to gain. The extension also checks both files before the upload. Before the create request, it flushes its record to the disk and opens a new connection, so that no paid job is lost or charged twice. The target limits the time that this may take. Everything else that’s recorded is written during the upload.',
  polling:
    'For 2 s of rendering, the official client polls five times. An eighth of that is less than one, so the target is one poll, the fewest possible. For the first job of a kind, only the published median is known, so it’s polled more often. Its number of polls is in parentheses.',
  package:
    'The target was 600 KB for four tools. With 16 tools, their translations, and the samples of the walkthrough (63 KB), it’s 700 KB.',
  memory: 'The pages are those of a complete VS Code, so the figure includes its other activity.',
};
