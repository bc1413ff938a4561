const talkingPhotos = Array.from({ length: 10 }, (_, length) => `talkingPhoto realistic ${length}`);
const afterRunsOf = (milliseconds: number) =>
  JSON.stringify({
    schema: 1,
    runs: Object.fromEntries(
      ['headshot 0', ...talkingPhotos].map(key => [key, [{ low: 0, high: milliseconds }]]),
    ),
  });

/**
 * The contents of `jobs/run-times.json` in the extension's storage after quick jobs, which make the extension poll
 * soon. Without this file, the first poll comes after two seconds, and the intervals depend on the published run times.
 */
export const quickRunTimes: string = afterRunsOf(300);

/** The contents after jobs that took as long as real ones, for screenshots of running jobs. */
export const longRunTimes: string = afterRunsOf(90_000);
