import { ApiError } from '../api/errors.ts';
import { asSentence } from '../api/redact.ts';
import type { Project } from '../api/types.ts';
import { HumanError, type Message, type SuggestedAction } from '../shared/message.ts';
import type { StringKey } from '../shared/strings/index.ts';
import type { JobFailure } from './job.ts';

/** The known error codes of projects. There may be others. */
const byCode: Readonly<Record<string, StringKey>> = {
  no_source_face: 'project.noFace',
  no_target_face: 'project.noTargetFace',
  invalid_voice: 'project.invalidVoice',
  invalid_video_file: 'project.invalidFile',
  invalid_audio_file: 'project.invalidFile',
  invalid_image_file: 'project.invalidFile',
  invalid_file_format: 'project.invalidFile',
  file_too_large: 'project.tooLarge',
  content_policy_violation: 'project.policy',
  text_too_long: 'project.textTooLong',
  insufficient_credits: 'project.credits',
  invalid_parameters: 'project.invalidParameters',
  processing_timeout: 'project.timeout',
  unknown_error: 'project.unknownError',
};

/** Why a project failed, or undefined if it didn't. */
export function projectFailure(project: Project): JobFailure | undefined {
  if (!project.enabled) return { message: { key: 'project.deleted' }, resumable: false };
  if (project.status === 'canceled') return ended({ key: 'project.canceled' }, project);
  if (project.status !== 'error') return undefined;
  const { code, message: words } = project.error ?? {};
  const known = code === undefined ? undefined : byCode[code];
  if (known) return ended({ key: known }, project, code === 'insufficient_credits' ? 'buyCredits' : 'retry');
  return ended(
    words ? { key: 'project.failedWords', args: { words: asSentence(words) } } : { key: 'project.failed' },
    project,
  );
}

function ended(message: Message, { error }: Project, suggestedAction: SuggestedAction = 'retry'): JobFailure {
  return {
    message,
    suggestedAction,
    resumable: false,
    ...(error?.message && { serverWords: error.message }),
  };
}

/** The failure to record for an error. If the error isn't meant for users, its details are only in the log. */
export function failureOf(error: unknown, resumable: boolean): JobFailure {
  if (!(error instanceof HumanError))
    return { message: { key: 'error.unexpected' }, suggestedAction: 'showLog', resumable };
  const details = error instanceof ApiError ? error.details : undefined;
  return {
    message: error.text,
    resumable,
    ...(error.suggestedAction && { suggestedAction: error.suggestedAction }),
    ...(details?.status !== undefined && { status: details.status }),
    ...(details?.serverWords && { serverWords: details.serverWords }),
  };
}

/** Whether the user must enter a key before the job can continue. */
export const needsKey = (error: unknown): error is HumanError & { readonly suggestedAction: 'setApiKey' } =>
  error instanceof HumanError && error.suggestedAction === 'setApiKey';

const full = new Set(['ENOSPC', 'EDQUOT', 'EFBIG']);
export const isDiskFull = (error: unknown): boolean =>
  full.has(String((error as NodeJS.ErrnoException | undefined)?.code));

/** System error codes, such as EACCES or EIO. Node's own codes start with `ERR_` and indicate bugs. */
const systemCode = /^E[A-Z0-9]+$/;

/** Turns a failure to write to a folder into an error for the user. Returns any other error as is. */
export function folderError(error: unknown, folder: string): unknown {
  if (error instanceof HumanError) return error;
  const code = String((error as NodeJS.ErrnoException | undefined)?.code);
  if (isDiskFull(error))
    return new HumanError('save.diskFull', undefined, { suggestedAction: 'chooseFolder', cause: error });
  if (systemCode.test(code))
    return new HumanError('save.notWritable', { folder }, { suggestedAction: 'chooseFolder', cause: error });
  return error;
}

/** Whether a create request may have been rejected because the server no longer has the uploaded files. */
export function isAboutFiles(error: ApiError): boolean {
  const { status, code, serverWords } = error.details;
  if (status !== 404 && status !== 422) return false;
  return /file|asset|upload|not.?found|expired/i.test(`${code ?? ''} ${serverWords ?? ''}`);
}
