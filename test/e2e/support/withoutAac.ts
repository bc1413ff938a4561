/** An init script that makes a browser behave like VS Code's own build, which can neither decode nor play AAC. */
export function withoutAac(): void {
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
}
