/**
 * `put.ts ours|official API FILE WARM-UP-FILE FOLDER`: uploads a file in a separate process, after a small
 * upload that loads all code. Prints the duration in milliseconds and the peak memory growth of the process in bytes.
 */
import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { official } from '../official.ts';
import { openOurs } from '../ours.ts';

const [who = '', apiUrl = '', file = '', warmUp = '', folder = ''] = process.argv.slice(2);

async function uploadWithOurs(path: string): Promise<void> {
  const ours = openOurs(apiUrl, folder);
  const { size } = await stat(path);
  const input = {
    kind: 'upload',
    path,
    bytes: size,
    type: 'audio',
    extension: extname(path).slice(1),
  } as const;
  const { signal } = new AbortController();
  await ours.uploads.upload({ audio: input }, { signal, onProgress() {} });
  await ours.dispose();
}

const client = official(apiUrl);
const upload = who === 'ours' ? uploadWithOurs : (path: string) => client.v1.files.uploadFile(path);
await upload(warmUp);
const before = process.memoryUsage().rss;
const start = performance.now();
await upload(file);
const took = performance.now() - start;
const grown = process.resourceUsage().maxRSS * 1024 - before;
console.log(JSON.stringify({ took, grown }));
