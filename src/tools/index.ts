import { headshot } from './headshot.ts';
import { talkingPhoto } from './talkingPhoto.ts';
import { backgroundRemover } from './backgroundRemover.ts';
import { photoColorizer } from './photoColorizer.ts';
import { imageUpscaler } from './imageUpscaler.ts';
import { imageEditor } from './imageEditor.ts';
import { imageGenerator } from './imageGenerator.ts';
import { imageToVideo } from './imageToVideo.ts';
import { faceEditor } from './faceEditor.ts';
import { audioToVideo } from './audioToVideo.ts';
import { gifGenerator } from './gifGenerator.ts';
import { qrCode } from './qrCode.ts';
import { textToVideo } from './textToVideo.ts';
import { autoSubtitles } from './autoSubtitles.ts';
import { lipSync } from './lipSync.ts';
import { videoTranslator } from './videoTranslator.ts';
import type { Tool } from './tool.ts';

/** All tools, in the order users see them. To add one, see docs/adding-a-tool.md. */
export const tools: readonly Tool[] = [
  headshot,
  talkingPhoto,
  backgroundRemover,
  photoColorizer,
  imageUpscaler,
  imageEditor,
  imageGenerator,
  imageToVideo,
  faceEditor,
  autoSubtitles,
  audioToVideo,
  lipSync,
  gifGenerator,
  qrCode,
  textToVideo,
  videoTranslator,
];

export function findTool(id: string): Tool | undefined {
  return tools.find(tool => tool.id === id);
}

/**
 * @throws if there's no such tool. That would be a bug, because a record of a tool that this version lacks never
 * becomes a job.
 */
export function toolOf(id: string): Tool {
  const tool = findTool(id);
  if (!tool) throw new Error(`No tool "${id}"`);
  return tool;
}
