/** Phases of a job and how it can end. `{words}` is the server's own text. */
export const jobStrings = {
  'phase.queued': 'Queued',
  'phase.probing': 'Checking files',
  'phase.clipping': 'Cutting the clip',
  'phase.uploading': 'Uploading',
  'phase.creating': 'Creating',
  'phase.waiting': 'Rendering',
  'phase.downloading': 'Downloading',
  'phase.saved': 'Saved',
  'phase.failed': 'Failed',
  'phase.stopped': 'Stopped',
  'phase.unknown': 'Needs your answer',

  // What the rendering can end with. Credits are given back by Magic Hour when a project fails.
  'project.noFace':
    'Magic Hour found no face in the picture. Choose one with a single, clearly visible face. The credits were given back.',
  'project.noTargetFace':
    'Magic Hour found no face in the image or video that was to be changed. Choose one with a clearly visible face. The credits were refunded.',
  'project.invalidVoice':
    'Magic Hour does not have this voice. Choose another one. The credits were refunded.',
  'project.unknownError':
    'Something went wrong at Magic Hour during rendering. Try again later. The credits were refunded.',
  'project.invalidFile':
    'Magic Hour could not read one of the files. Save it in another format and try again. The credits were given back.',
  'project.tooLarge':
    'One of the files is too large for Magic Hour. Choose a smaller one. The credits were given back.',
  'project.policy':
    'Magic Hour declined this because of its content policy. Choose other files or another prompt. The credits were given back.',
  'project.textTooLong':
    'The text is too long for Magic Hour. Shorten it and try again. The credits were given back.',
  'project.invalidParameters':
    'Magic Hour could not work with these options. Change them and try again. The credits were given back.',
  'project.credits': 'There were not enough Magic Hour credits. Buy credits, then try again.',
  'project.timeout': 'Magic Hour took too long and gave up. Try again. The credits were given back.',
  'project.failed': 'Magic Hour could not make this. Try again. The credits were given back.',
  'project.failedWords': 'Magic Hour could not make this: {words} The credits were given back.',
  'project.canceled': 'The project was canceled at Magic Hour. The credits were given back.',
  'project.deleted': 'The project was deleted at Magic Hour.',
  'project.missing':
    'Magic Hour no longer knows this project. It was deleted, or the API key belongs to another account.',
  'project.endless':
    'Magic Hour has worked on this for more than a day. Look into your library, or go on waiting.',

  // Saving
  'save.notWritable':
    'The folder {folder} cannot be written to. Choose another one: the result waits for you.',
  'save.diskFull': 'The disk is full. Free some space or choose another folder: the result waits for you.',

  // Our own records
  'ledger.notWritable':
    'The list of jobs cannot be written, so nothing was started. Free some disk space, then try again.',
  'ledger.waiting': 'The list of jobs cannot be written. Free some disk space; the job goes on by itself.',
  'answer.otherJob':
    'This project already belongs to another job in the list. Look for the right one in your library.',
  'answer.deleted': 'This project was deleted at Magic Hour. Look for the right one in your library.',
  'act.tooLate': 'The job has moved on meanwhile. Look at it again.',
} as const;
