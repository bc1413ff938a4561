/** Explanations of figures, by row. */
export const remarks: Readonly<Record<string, string>> = {
  put: 'The extension computes the SHA-256 of the file after the upload, while the job continues: half a second of processor time per GiB that the upload doesn’t wait for. Client, storage server and disk share the processor cores, so on two cores the figures vary by 10% and more.',
  'clip-time':
    'A short file that’s used completely leaves nothing to save: both clients upload image and audio in parallel. The extension requests both upload URLs with one request, and records the job on disk before it pays. That’s the price of “never lost, never bought twice”.',
  polling:
    'For 2 s of rendering, the official client polls five times. An eighth of that is less than one, so the target is one poll, the fewest possible. The first job of a kind only knows the published median and polls more often; its number is in parentheses.',
  memory: 'The pages are those of a complete VS Code, so the figure includes its other activity.',
};
