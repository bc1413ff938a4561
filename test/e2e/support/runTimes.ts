const quick = [{ low: 0, high: 300 }];
const talkingPhotos = Array.from({ length: 10 }, (_, length) => `talkingPhoto realistic ${length}`);

/**
 * The text of `jobs/run-times.json` in the extension's storage after quick jobs, which makes the extension poll soon.
 * After an installation, it first polls after two seconds, and then at intervals that suit the published run times.
 */
export const quickRunTimes: string = JSON.stringify({
  schema: 1,
  runs: Object.fromEntries(['headshot 0', ...talkingPhotos].map(key => [key, quick])),
});
