import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { startFakeApi } from '../../fake-api/server.ts';
import { bytes, percent } from '../figures.ts';
import { hourFormats } from '../media.ts';
import { officialAudio } from '../official.ts';
import type { Figure, Row } from '../row.ts';
import { createWithOfficial, windowOf } from '../talkingPhoto.ts';

export const clipBytes: Row = {
  name: 'clip-bytes',
  what: '15 s of an hour: bytes uploaded',
  reference: 'the official client',
  method:
    'The audio bytes that the fake API’s storage received for a talking photo that uses seconds 1800 to 1815 of the file. The official client doesn’t support `.m4a` and `.ogg`; for these, the reference is the whole file, which a client that doesn’t cut would upload.',
  async measure(bench) {
    const server = await startFakeApi({ behavior: { clock: 'manual' }, account: { credits: 1e6 } });
    const window = await windowOf(bench, server);
    const figures: Figure[] = [];
    try {
      for (const format of hourFormats) {
        const file = await bench.media.hour(format);
        const ours = await window.create(file);
        const isSupported = officialAudio.includes(extname(file).slice(1));
        const whole = isSupported ? (await createWithOfficial(server, file)).bytes : (await stat(file)).size;
        const limit = format === 'flac' ? 0.02 : 0.01;
        figures.push({
          of: format.toUpperCase(),
          ours: bytes(ours.bytes),
          reference: `${bytes(whole)}${isSupported ? '' : ' (the whole file)'}`,
          result: percent(ours.bytes / whole),
          target: `≤ ${percent(limit)}`,
          reached: ours.bytes / whole <= limit,
        });
      }
    } finally {
      await window.dispose();
      await server.close();
    }
    return figures;
  },
};
