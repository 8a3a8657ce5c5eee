import { FIRST_JOB_STATUS, JOB_ACTIONS, JOB_RULES } from '@agent-registry/domain';
import { JOB_STATUSES, type JobStatus } from '@agent-registry/schemas';
import { escapeHtml } from './html.ts';

/** The states of a job and what leads from each to which, drawn from the table that the job machine works by. */
export function renderMachine(): string {
  const rows = JOB_STATUSES.map(
    (status) => `<tr><th><code>${escapeHtml(status)}</code></th><td>${exitsOf(status)}</td></tr>`,
  );
  return `<section id="states"><h2>States of a job</h2><p>A job begins as <code>${escapeHtml(FIRST_JOB_STATUS)}</code>. A party is the client or
the seller; an action that leads nowhere leaves the state as it is.</p><table><tbody>${rows.join('')}</tbody></table></section>`;
}

function exitsOf(status: JobStatus): string {
  const exits = JOB_ACTIONS.filter((action) => JOB_RULES[action].from.includes(status)).map((action) => {
    const { to, by } = JOB_RULES[action];
    const target = to === null ? '' : ` → <code>${escapeHtml(to)}</code>`;
    return `<code>${escapeHtml(action)}</code> (${escapeHtml(by)})${target}`;
  });
  return exits.length === 0 ? 'final' : exits.join('<br>');
}
