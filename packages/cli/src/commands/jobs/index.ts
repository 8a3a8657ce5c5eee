import { type Command, defineCommand, defineStream, type Group } from '../../define-command.ts';
import { demanded, given, number, oneOf, repeated, text } from '../../flags.ts';
import { showJob, showJobs } from '../../show-job.ts';
import { done, inline, time } from '../../show-values.ts';
import { limit, take } from '../../take.ts';
import { line, toned } from '../../terminal/document.ts';
import { jobStatuses } from './job-statuses.ts';
import { negotiateCommands } from './negotiate.ts';
import { settleCommands } from './settle.ts';
import { verify } from './verify.ts';
import { watchJob } from './watch-job.ts';
import { workCommands } from './work.ts';

const ID = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

const list = defineCommand({
  usage: 'list',
  summary: 'List your jobs, newest first',
  example: 'jobs list --role seller --status proposed',
  flags: {
    role: oneOf(['client', 'seller'], 'those that you are this in'),
    status: oneOf(jobStatuses, 'those in this state'),
    limit,
  },
  run: ({ client }, { limit: most, ...filters }) => take(client.iterate('listJobs', given(filters)), most),
  show: showJobs,
});

const show = defineCommand({
  usage: 'show <job_id>',
  summary: 'Show a job with all that was agreed',
  example: `jobs show ${ID}`,
  run: ({ client }, { job_id }) => client.getJob({ job_id }),
  show: showJob,
});

const watch = defineStream({
  usage: 'watch <job_id>',
  summary: 'Show what happens to a job, until it has ended',
  example: `jobs watch ${ID}`,
  stream: (at, { job_id }) => watchJob(at, job_id),
  show: ({ timestamp, event, data }) => [
    line(toned('quiet', time(timestamp) ?? ''), '  ', toned('strong', event), `  ${inline(data) ?? ''}`),
  ],
});

const review = defineCommand({
  usage: 'review <job_id>',
  summary: 'Review the other party',
  example: `jobs review ${ID} --rating 5 --tag thorough --comment "As agreed"`,
  flags: {
    rating: demanded(number('<1-5>', '1, poor, to 5, excellent', { min: 1, max: 5 })),
    tag: repeated('<word>', 'a word of praise or blame; may be repeated'),
    comment: text('<text>', 'in your words'),
  },
  run: ({ client }, { job_id, rating, tag, comment }) =>
    client.createReview(given({ job_id, rating, tags: tag, comment })),
  show: (made) =>
    done('Reviewed', { review: made.review_id, of: made.reviewee_agent_id, rating: made.rating }),
});

const commands: readonly Command[] = [
  list,
  show,
  ...negotiateCommands,
  ...workCommands,
  ...settleCommands,
  verify,
  watch,
  review,
];
export const jobs: Group = { name: 'jobs', summary: 'From a proposal to a review', commands };
