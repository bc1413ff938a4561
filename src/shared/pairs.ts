/** A file that may be paired, by its name. */
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
 * Which sound belongs to which image: those with the same stem (`anna.png` + `anna.mp3`), in the order of the images.
 * One sound alone goes with every image, one image alone with every sound; what is left over once stems are matched is
 * paired only when it is one of each. Everything else stays alone, for the person to complete.
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
  const lonely = pairs.filter(pair => !pair.sound);
  const [last] = free;
  if (lonely.length === 1 && free.length === 1 && lonely[0] && last) {
    lonely[0].sound = last;
    return pairs;
  }
  return [...pairs, ...free.map(sound => ({ sound }))];
}
