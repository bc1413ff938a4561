const talkingPhotos = Array.from({ length: 10 }, (_, length) => `talkingPhoto realistic ${length}`);
const afterRunsOf = (milliseconds: number) =>
  JSON.stringify({
    schema: 1,
    runs: Object.fromEntries(
      ['headshot 0', ...talkingPhotos].map(key => [key, [{ low: 0, high: milliseconds }]]),
    ),
  });

/**
 * The text of `jobs/run-times.json` in the extension's storage after quick jobs, which makes the extension poll soon.
 * After an installation, it first polls after two seconds, and then at intervals that suit the published run times.
 */
export const quickRunTimes: string = afterRunsOf(300);

/** The same after jobs that took as long as real ones, for screenshots of running jobs. */
export const longRunTimes: string = afterRunsOf(90_000);
