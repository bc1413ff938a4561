import * as v from 'valibot';
import type * as vscode from 'vscode';
import type { JobService } from '../../jobs/jobService.ts';
import { jobIdSchema } from '../../shared/pageRequest.ts';
import { text } from '../translate.ts';
import { jobReport, reply } from './jobReport.ts';

/** The `magicHour_getJob` tool, which reports the state of a job without changing the job or charging for it. */
export function getJobTool(jobs: JobService): vscode.LanguageModelTool<{ readonly job?: unknown }> {
  return {
    async invoke({ input }) {
      const id = typeof input.job === 'string' ? input.job : '';
      const job = v.is(jobIdSchema, id) ? await jobs.find(id) : undefined;
      if (!job) throw new Error(text('agent.jobMissing', { id }));
      return reply(jobReport(job));
    },
  };
}
