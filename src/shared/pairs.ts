interface Named {
  readonly name: string;
}

const stem = (name: string): string =>
  name
    .replace(/\.[^.]*$/, '')
    .normalize('NFC')
    .toLowerCase();

export interface Pair<I, S> {
  readonly image?: I;
  readonly sound?: S;
}

/**
 * Pairs images and audio files with the same stem (`anna.png` and `anna.mp3`), in the order of the images. A single
 * audio file is paired with every image, and a single image with every audio file. If one image and one audio file are
 * left over, they are paired, too. Everything else stays unpaired for the user to complete.
 */
export function pairByStem<I extends Named, S extends Named>(
  images: readonly I[],
  sounds: readonly S[],
): readonly Pair<I, S>[] {
  const [onlyImage] = images;
  const [onlySound] = sounds;
  if (sounds.length === 1 && onlySound && onlyImage)
    return images.map(image => ({ image, sound: onlySound }));
  if (images.length === 1 && onlyImage && onlySound)
    return sounds.map(sound => ({ image: onlyImage, sound }));

  const free = [...sounds];
  const pairs: { image?: I; sound?: S }[] = images.map(image => {
    const at = free.findIndex(sound => stem(sound.name) === stem(image.name));
    const [sound] = at < 0 ? [] : free.splice(at, 1);
    return sound ? { image, sound } : { image };
  });
  const unpaired = pairs.filter(pair => !pair.sound);
  const [last] = free;
  if (unpaired.length === 1 && free.length === 1 && unpaired[0] && last) {
    unpaired[0].sound = last;
    return pairs;
  }
  return [...pairs, ...free.map(sound => ({ sound }))];
}
