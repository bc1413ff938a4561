import magicHour from 'magic-hour';
import { key } from './ours.ts';

process.env['MAGIC_HOUR_LOG_LEVEL'] = 'none';
// The client is a CommonJS module, so its exports object is our default import.
const Client = magicHour.default;

/**
 * The vendor's client with its default settings. It polls every half second, and reads the complete file before
 * sending it.
 */
export const official = (apiUrl: string): InstanceType<typeof Client> =>
  new Client({ token: key, baseUrl: apiUrl });

/** The only audio extensions that the official client accepts. The API supports more. */
export const officialAudio: readonly string[] = ['mp3', 'mpeg', 'wav', 'aac', 'aiff', 'flac'];
