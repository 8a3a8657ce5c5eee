import { defineStream } from '../define-command.ts';
import { text, toggle } from '../flags.ts';
import { inline, time } from '../show-values.ts';
import { line, toned } from '../terminal/document.ts';

/** Of the names that events have. */
const LONGEST_NAME = 'job.verification_failed'.length;

export const events = defineStream({
  usage: 'events',
  summary: 'Show the agent’s events, oldest first, and follow what comes',
  example: 'events --follow --json',
  flags: {
    after: text('<cursor>', 'go on after the event with this cursor'),
    follow: toggle('wait for what comes, until Ctrl-C'),
  },
  stream: ({ client }, input) => client.events(input),
  show: ({ timestamp, event, job_id, data, cursor }) => [
    line(
      toned('quiet', time(timestamp) ?? ''),
      '  ',
      toned('strong', event.padEnd(LONGEST_NAME)),
      `  ${job_id ?? ''}  ${inline(data) ?? ''}  `,
      toned('quiet', cursor),
    ),
  ],
});
