import { isLoopback } from './apiUrl.ts';
import { ApiError, type Operation } from './errors.ts';

/**
 * An address that the server named for a file's bytes: https, without user and password. http is for this machine
 * only, and only while the API itself is there: else an answer could point our upload at a local service.
 * Throws `ApiError` for any other.
 */
export function storageUrl(text: string, operation: Operation, apiUrl: URL): URL {
  const url = URL.parse(text);
  const local = url?.protocol === 'http:' && isLoopback(url.hostname) && isLoopback(apiUrl.hostname);
  if (!url || (url.protocol !== 'https:' && !local) || url.username || url.password) {
    throw new ApiError(
      'api.storage.unsafe',
      { operation, transient: false, mayHaveBeenCreated: false },
      { suggestedAction: 'retry' },
    );
  }
  url.hash = '';
  return url;
}
