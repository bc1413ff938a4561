import magicHour from 'magic-hour';
import { key } from './ours.ts';

process.env['MAGIC_HOUR_LOG_LEVEL'] = 'none';
// A CommonJS module: its default export is a property of ours.
const Client = magicHour.default;

/**
 * The vendor's own client with its defaults: it polls every half second, and reads a complete file before sending it.
 */
export const official = (apiUrl: string): InstanceType<typeof Client> =>
  new Client({ token: key, baseUrl: apiUrl });

/** The only audio extensions that it accepts, even though the API supports more. */
export const officialAudio: readonly string[] = ['mp3', 'mpeg', 'wav', 'aac', 'aiff', 'flac'];
