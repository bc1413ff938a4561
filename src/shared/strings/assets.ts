/** Problems with image, audio, and video files. */
export const assetStrings = {
  'asset.vanished': '{name} was moved or deleted. Choose it again.',
  'asset.changed': '{name} has changed since you chose it. Check it, then try again.',
  'asset.forbidden':
    'You don’t have permission to read {name}. Change its permissions, or choose another file.',
  'asset.unreadable': 'Can’t read {name} ({code}). Copy it to another folder and choose the copy.',
  'asset.notAFile': '{name} isn’t a file. Choose a file.',
  'asset.empty': '{name} is empty. Choose another file.',
  'asset.unreachable':
    '{name} is on a file system that this window can’t access. Open the folder that contains it, then try again.',
  'asset.lfsPointer':
    '{name} is only a Git LFS pointer; its content wasn’t downloaded. Run “git lfs pull”, then try again.',
  'asset.notAnImage': '{name}: unsupported image format. Supported formats: {extensions}.',
  'asset.notAudio': '{name}: unsupported audio format. Supported formats: {extensions}.',
  'asset.notVideo': '{name}: unsupported video format. Supported formats: {extensions}.',
  'asset.notImageKind': '{name} isn’t an image. Choose an image.',
  'asset.notAudioKind': '{name} isn’t an audio file. Choose an audio file.',
  'asset.notVideoKind': '{name} isn’t a video. Choose a video.',
  'asset.otherContent':
    '{name} actually contains {format} data. Rename it to {better}, then choose it again.',
  'asset.foreignContent':
    '{name} actually contains {format} data, which Magic Hour doesn’t support. Convert it to one of these formats: {extensions}.',
  'asset.noMediaImage': '{name} isn’t an image or is damaged. Choose another file.',
  'asset.noMediaAudio': '{name} isn’t an audio file or is damaged. Choose another file.',
  'asset.noMediaVideo': '{name} isn’t a video or is damaged. Choose another file.',
  'asset.noPictures': '{name} doesn’t contain a video track. Choose another file.',
  'asset.damaged':
    '{name} is damaged: its {format} data can’t be read. Export it again, or choose another file.',
  'asset.noSound': '{name} doesn’t contain any audio. Choose a file with an audio track.',
  'asset.startBeyondEnd':
    'The clip from {name} starts at {start} s, but the file ends at {seconds} s. Choose an earlier start.',
  'asset.endBeyondEnd':
    'The clip from {name} ends at {end} s, but the file ends at {seconds} s. Choose an earlier end.',
  'asset.lengthUnknown':
    'Couldn’t determine the length of {name}. Make sure that the clip doesn’t extend past its end.',
  'asset.notCut': 'This clip can’t be played on its own. Play all of the audio instead.',
  'asset.noRoom': 'There isn’t enough disk space for temporary files. Free up some space, then try again.',
  'asset.urlUnreadable': 'This isn’t a valid URL. Paste one that starts with https://.',
  'asset.urlNotHttps': 'Magic Hour supports only URLs that start with https://.',
  'asset.urlWithPassword':
    'The URL contains a username or password. Use a URL without one, or download the file and choose it.',
  'asset.urlExtension':
    'The URL must end in one of these file extensions: {extensions}. Otherwise, download the file and choose it.',
} as const;
