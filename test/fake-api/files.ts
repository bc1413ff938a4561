import type { Account } from './accounts.ts';
import { EXTENSIONS, type AssetType } from './formats.ts';
import { Refusal } from './reply.ts';
import type { ViolationKind } from './reply.ts';
import type { FileField } from './shape.ts';
import type { State } from './state.ts';

/**
 * Checks that a `*_file_path` refers to a file that the API can use: a stored upload of the same account, a URL with a
 * supported extension, or an item in the account's library. Returns an identifier of the content.
 */
export function checkFile(state: State, account: Account, file: FileField): string {
  const refuse = (violation: ViolationKind, why: string): never => {
    throw new Refusal(422, `${file.field}: ${why}`, { violation });
  };
  const library = libraryItem(file.value);
  if (library) {
    if (file.type !== 'any' && library.type !== file.type)
      return refuse('wrong-file-type', `must be of type ${file.type}`);
    const project = state.projects.find(library.id);
    const isThere = project?.account === account && project.tool.kind === library.type && !project.deleted;
    // This isn't a violation, because a client can't know that an item was deleted in the web app.
    if (!isThere) throw new Refusal(422, `${file.field}: not found in your library`);
    return file.value;
  }
  if (/^[a-z]+:\/\//i.test(file.value)) {
    const problem = urlProblem(file);
    return problem ? refuse('bad-file-url', problem) : file.value;
  }
  const upload = state.uploads.find(file.value);
  if (!upload || upload.account !== account) return refuse('unknown-file', 'no such file');
  if (file.type !== 'any' && upload.type !== file.type)
    return refuse('wrong-file-type', `must be of type ${file.type}`);
  if (upload.storedAt === undefined) return refuse('file-not-uploaded', 'the file was not uploaded');
  if (upload.storedAt + state.behavior.fileMs <= state.clock.now()) {
    return refuse('expired-file', 'the file has been deleted');
  }
  return upload.sha256;
}

/** The project that a URL in the web app's library refers to. */
function libraryItem(value: string): { readonly type: string; readonly id: string } | undefined {
  const [, type, id] =
    /^https:\/\/magichour\.ai\/my-library\?(image|video|audio)Id=([\w-]+)$/.exec(value) ?? [];
  return type !== undefined && id !== undefined ? { type, id } : undefined;
}

function urlProblem(file: FileField): string | undefined {
  const url = URL.parse(file.value);
  if (!url) return 'not a URL';
  if (url.protocol !== 'https:') return 'must be an https URL';
  const extension = /\.([a-z0-9]+)$/i.exec(url.pathname)?.[1]?.toLowerCase();
  const types = file.type === 'any' ? (Object.keys(EXTENSIONS) as AssetType[]) : [file.type];
  if (extension && types.some(type => EXTENSIONS[type].includes(extension))) return undefined;
  return `the URL has no supported ${file.type} extension`;
}
