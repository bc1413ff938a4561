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
  what: '15 s out of one hour: bytes sent',
  reference: 'the official client',
  method:
    'The bytes of the sound that arrived at the fake API’s storage, for a talking photo of seconds 1800 to 1815. The official client knows no `.m4a` and no `.ogg`; there the reference is the whole file, which is what any client without a cutter sends.',
  async measure(bench) {
    const server = await startFakeApi({ behaviour: { clock: 'manual' }, account: { credits: 1e6 } });
    const window = await windowOf(bench, server);
    const figures: Figure[] = [];
    try {
      for (const format of hourFormats) {
        const file = await bench.media.hour(format);
        const ours = await window.create(file);
        const isKnown = officialAudio.includes(extname(file).slice(1));
        const whole = isKnown ? (await createWithOfficial(server, file)).bytes : (await stat(file)).size;
        const limit = format === 'flac' ? 0.02 : 0.01;
        figures.push({
          of: format.toUpperCase(),
          ours: bytes(ours.bytes),
          reference: `${bytes(whole)}${isKnown ? '' : ' (the whole file)'}`,
          result: percent(ours.bytes / whole),
          atLeast: `≤ ${percent(limit)}`,
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
