import type { BrowserContext } from 'playwright-core';

/**
 * Makes a browser answer as VS Code's own build does, which has no AAC: nothing can be decoded by WebCodecs, and
 * media elements say that they cannot play it.
 */
export async function withoutAac(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const isAac = (text: string) => /mp4a|aac/i.test(text);
    const canPlay: (this: HTMLMediaElement, type: string) => CanPlayTypeResult = Reflect.get(
      HTMLMediaElement.prototype,
      'canPlayType',
    );
    HTMLMediaElement.prototype.canPlayType = function (type) {
      return isAac(type) ? '' : canPlay.call(this, type);
    };
    if (!('AudioDecoder' in globalThis)) return;
    const isSupported = AudioDecoder.isConfigSupported.bind(AudioDecoder);
    AudioDecoder.isConfigSupported = async config =>
      isAac(config.codec) ? { supported: false, config } : isSupported(config);
  });
}
