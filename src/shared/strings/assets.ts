/** What can be said about an image or audio file. */
export const assetStrings = {
  'asset.vanished': '{name} is no longer there. Choose it again from where it is now.',
  'asset.changed': '{name} was changed since you chose it. Look at it once more and create again.',
  'asset.forbidden': '{name} may not be read. Give yourself permission to read it, or choose another file.',
  'asset.unreadable': '{name} cannot be read ({code}). Copy it to another place and choose the copy.',
  'asset.notAFile': '{name} is not a file. Choose a file.',
  'asset.empty': '{name} is empty: it has no bytes. Choose another file.',
  'asset.unreachable':
    '{name} is on a file system that this window cannot reach. Open the folder it is in and try again.',
  'asset.lfsPointer':
    '{name} is only a Git LFS pointer: its content was not fetched. Run “git lfs pull” and try again.',
  'asset.notAnImage': 'Magic Hour takes no such image: {name}. Choose one of: {extensions}.',
  'asset.notAudio': 'Magic Hour takes no such audio file: {name}. Choose one of: {extensions}.',
  'asset.audioForImage': '{name} is an audio file. Choose an image.',
  'asset.imageForAudio': '{name} is an image. Choose an audio file.',
  'asset.otherContent':
    '{name} is really {format}, whatever its name says. Rename it to {better}, then choose it again.',
  'asset.foreignContent':
    '{name} is really {format}, whatever its name says, and Magic Hour does not take that. Convert it to one of: {extensions}.',
  'asset.noMediaImage': '{name} is not an image, or it is damaged. Choose another file.',
  'asset.noMediaAudio': '{name} is not audio, or it is damaged. Choose another file.',
  'asset.damaged':
    '{name} is damaged: its {format} data cannot be read. Export it again, or choose another file.',
  'asset.noSound': '{name} has no sound in it. Choose a file with an audio track.',
  'asset.startBeyondEnd':
    'The clip of {name} starts at {start} s, but the recording ends at {seconds} s. Choose an earlier start.',
  'asset.endBeyondEnd':
    'The clip of {name} goes on until {end} s, but the recording ends at {seconds} s. Choose an earlier end.',
  'asset.lengthUnknown':
    'The length of {name} cannot be told. Make sure that the clip does not go beyond its end.',
  'asset.notCut': 'The clip of this recording cannot be played by itself. Play the whole recording instead.',
  'asset.noRoom': 'There is no room on the disk for temporary files. Free some and try again.',
  'asset.urlUnreadable': 'This is not an address. Paste one that begins with https://.',
  'asset.urlNotHttps': 'Magic Hour fetches only addresses that begin with https://.',
  'asset.urlWithPassword':
    'The address has a user name or password in it. Use one that works without, or save the file and choose it.',
  'asset.urlExtension':
    'The address must name a file that Magic Hour takes, ending in one of: {extensions}. Or save the file and choose it.',
} as const;
