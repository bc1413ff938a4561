import type { Job } from '../jobs/job.ts';
import { findTool } from '../tools/index.ts';

/** Magic Hour pages that we open in the browser. */
export const links = {
  apiKeys: 'https://magichour.ai/developer?tab=api-keys',
  pricing: 'https://magichour.ai/pricing',
  library: 'https://magichour.ai/my-library',
} as const;

/** Returns the URL of a project's page in the account's library. */
export function libraryPage(job: Pick<Job, 'projectId' | 'request'>): string {
  if (!job.projectId) return links.library;
  const kind = findTool(job.request.tool)?.project ?? 'image';
  return `${links.library}?${kind}Id=${encodeURIComponent(job.projectId)}`;
}
