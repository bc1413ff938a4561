/** The phases of a job and the ways it can end. `{words}` is the server's own text. */
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

  // Rendering failures. Magic Hour refunds the credits of a failed project.
  'project.noFace':
    'Magic Hour couldn’t find a face in the image. Choose one with a single, clearly visible face. Your credits were refunded.',
  'project.noTargetFace':
    'Magic Hour couldn’t find a face to change in the image or video. Choose one with a clearly visible face. Your credits were refunded.',
  'project.invalidVoice':
    'Magic Hour doesn’t have this voice. Choose another one. Your credits were refunded.',
  'project.unknownError': 'Something went wrong at Magic Hour. Try again later. Your credits were refunded.',
  'project.invalidFile':
    'Magic Hour couldn’t read one of the files. Save it in another format and try again. Your credits were refunded.',
  'project.tooLarge':
    'One of the files is too large for Magic Hour. Choose a smaller one. Your credits were refunded.',
  'project.policy':
    'Magic Hour declined this because of its content policy. Choose other files or change the prompt. Your credits were refunded.',
  'project.textTooLong':
    'The text is too long for Magic Hour. Shorten it and try again. Your credits were refunded.',
  'project.invalidParameters':
    'Magic Hour couldn’t use these options. Change them and try again. Your credits were refunded.',
  'project.credits': 'You didn’t have enough Magic Hour credits. Buy credits, then try again.',
  'project.timeout': 'Magic Hour timed out. Try again. Your credits were refunded.',
  'project.failed': 'Magic Hour couldn’t create this. Try again. Your credits were refunded.',
  'project.failedWords': 'Magic Hour couldn’t create this: {words} Your credits were refunded.',
  'project.canceled': 'The project was canceled on Magic Hour. Your credits were refunded.',
  'project.deleted': 'The project was deleted on Magic Hour, so its result is no longer available.',
  'project.missing':
    'Magic Hour can’t find this project. It was deleted, or the API key belongs to another account.',
  'project.endless':
    'Magic Hour has been working on this for more than a day. Check your library, or keep waiting.',

  // Saving
  'save.notWritable':
    'Can’t write to the folder {folder}. Choose another folder. Your result is still available.',
  'save.diskFull':
    'The disk is full. Free up some space or choose another folder. Your result is still available.',

  // The list of jobs
  'store.full': 'Couldn’t save the list of jobs, so nothing was started. Free up disk space, then try again.',
  'store.waitingFull':
    'Couldn’t save the list of jobs. Free up disk space, and the job will continue automatically.',
  'store.notWritable': 'Couldn’t save the list of jobs, so nothing was started. See the log for details.',
  'store.waiting':
    'Couldn’t save the list of jobs. The job will continue automatically once it can be saved.',
  'store.restored':
    'The extension’s storage was deleted while jobs were running. Unfinished jobs were saved again.',
  'store.invalidRequest':
    'Nothing was started because a value is too long or invalid. Change it, then try again.',
  'agents.limitReached':
    'This would exceed the daily limit for agents: {left} of {limit} credits are left today, and this needs {credits}. Ask the user to raise the limit (setting magicHour.agentDailyCredits) or to use the form.',
  'answer.otherJob':
    'This project already belongs to another job in the list. Look for the right one in your library.',
  'answer.deleted': 'This project was deleted on Magic Hour. Look for the right one in your library.',
  'job.changed': 'The job has changed in the meantime. Check it, then try again.',
} as const;
