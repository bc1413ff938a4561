import { TOOLS } from './catalogue.ts';
import type { CreateOperation, Tool } from './catalogue.ts';
import type { ProjectKind } from './facts.ts';

/** The purpose of a request. `unknown` is a route that neither origin has. */
export type Operation =
  | CreateOperation
  | 'account'
  | 'uploadUrls'
  | `${ProjectKind}Project`
  | `delete${Capitalize<ProjectKind>}Project`
  | 'put'
  | 'download'
  | 'unknown';

/** A name for several operations, for faults and waits. */
export type Group = 'create' | 'project' | 'delete' | 'api' | 'storage' | 'any';

export interface Route {
  readonly operation: Operation;
  readonly tool?: Tool;
  readonly kind?: ProjectKind;
  readonly projectId?: string;
}

const PROJECT = /^\/v1\/(image|video|audio)-projects\/([^/]+)$/;

const deletions = {
  image: 'deleteImageProject',
  video: 'deleteVideoProject',
  audio: 'deleteAudioProject',
} as const;

export function apiRoute(method: string, path: string): Route {
  if (method === 'GET' && path === '/v1/account') return { operation: 'account' };
  if (method === 'POST' && path === '/v1/files/upload-urls') return { operation: 'uploadUrls' };
  const tool = method === 'POST' ? TOOLS.find(tool => tool.path === path) : undefined;
  if (tool) return { operation: tool.operation, tool };
  const [, kind, id] = (PROJECT.exec(path) ?? []) as [string?, ProjectKind?, string?];
  if (!kind || !id) return { operation: 'unknown' };
  if (method === 'GET') return { operation: `${kind}Project`, kind, projectId: id };
  if (method === 'DELETE') return { operation: deletions[kind], kind, projectId: id };
  return { operation: 'unknown' };
}

export function storageRoute(method: string): Route {
  if (method === 'PUT') return { operation: 'put' };
  return { operation: method === 'GET' ? 'download' : 'unknown' };
}

/** Whether `name` includes `operation`. */
export function isNamed(operation: Operation, name: Operation | Group): boolean {
  switch (name) {
    case 'any':
      return true;
    case 'storage':
      return operation === 'put' || operation === 'download';
    case 'api':
      return operation !== 'put' && operation !== 'download';
    case 'project':
      return /^(image|video|audio)Project$/.test(operation);
    case 'create':
      return operation.startsWith('create');
    case 'delete':
      return operation.startsWith('delete');
    default:
      return operation === name;
  }
}
