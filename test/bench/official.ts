import magicHour from 'magic-hour';
import { key } from './ours.ts';

process.env['MAGIC_HOUR_LOG_LEVEL'] = 'none';
// A CommonJS module: its default export is a member of ours.
const Client = magicHour.default;

/** The vendor's own client, as it comes: it looks every half second, and reads a file whole before it sends it. */
export const official = (apiUrl: string): InstanceType<typeof Client> =>
  new Client({ token: key, baseUrl: apiUrl });

/** It knows no other extensions, whatever the API takes. */
export const officialAudio: readonly string[] = ['mp3', 'mpeg', 'wav', 'aac', 'aiff', 'flac'];
