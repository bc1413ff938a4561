import type * as vscode from 'vscode';
import type { JobService } from '../../jobs/jobService.ts';
import { text } from '../translate.ts';
import { jobReport, reply } from './jobReport.ts';

/** `magicHour_getJob`: how a job is doing. Costs nothing and changes nothing. */
export function getJobTool(jobs: JobService): vscode.LanguageModelTool<{ readonly job?: unknown }> {
  return {
    async invoke({ input }) {
      const id = typeof input.job === 'string' ? input.job : '';
      const job = await jobs.find(id);
      if (!job) throw new Error(text('agent.jobMissing', { id }));
      return reply(jobReport(job));
    },
  };
}
