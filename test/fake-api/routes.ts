import { TOOLS } from './catalogue.ts';
import type { CreateOperation, Tool } from './catalogue.ts';

/** What a request is for. `unknown` is a route that neither origin has. */
export type Operation =
  | CreateOperation
  | 'account'
  | 'uploadUrls'
  | 'imageProject'
  | 'videoProject'
  | 'deleteImageProject'
  | 'deleteVideoProject'
  | 'put'
  | 'download'
  | 'unknown';

/** Several operations with one name, for faults and waits. */
export type Group = 'create' | 'project' | 'delete' | 'api' | 'storage' | 'any';

export interface Route {
  readonly operation: Operation;
  readonly tool?: Tool;
  readonly kind?: Tool['kind'];
  readonly projectId?: string;
}

const PROJECT = /^\/v1\/(image|video)-projects\/([^/]+)$/;

export function apiRoute(method: string, path: string): Route {
  if (method === 'GET' && path === '/v1/account') return { operation: 'account' };
  if (method === 'POST' && path === '/v1/files/upload-urls') return { operation: 'uploadUrls' };
  const tool = method === 'POST' ? TOOLS.find(tool => tool.path === path) : undefined;
  if (tool) return { operation: tool.operation, tool };
  const [, kind, id] = PROJECT.exec(path) ?? [];
  if (!kind || !id) return { operation: 'unknown' };
  const project = { kind: kind as Tool['kind'], projectId: id };
  if (method === 'GET') return { operation: kind === 'image' ? 'imageProject' : 'videoProject', ...project };
  if (method === 'DELETE') {
    return { operation: kind === 'image' ? 'deleteImageProject' : 'deleteVideoProject', ...project };
  }
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
      return operation === 'imageProject' || operation === 'videoProject';
    case 'create':
      return operation.startsWith('create');
    case 'delete':
      return operation.startsWith('delete');
    default:
      return operation === name;
  }
}
