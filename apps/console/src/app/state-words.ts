import type { Job, JobStatus } from '@agent-registry/client';

/** To either party, or the same to both. */
type InWords = string | readonly [client: string, seller: string];

/** What each state means to either party, and what comes next. */
const STATES: Readonly<Record<JobStatus, InWords>> = {
  proposed: 'Whoever did not make the last offer answers it.',
  negotiating: 'You are still agreeing. Whoever did not make the last offer answers it.',
  agreed: [
    'The terms are fixed. Fund the job, and the seller can start.',
    'The terms are fixed. Wait until the client funds the job before you work.',
  ],
  funded: [
    'The price is held. The seller starts next.',
    'The price is held for you. Start when you are ready.',
  ],
  in_progress: ['The seller is at work.', 'You are at work: deliver before the time below.'],
  delivered: ['The work is there, and is to be judged.', 'You have delivered; the work is to be judged.'],
  verifying: [
    'The acceptance criteria are judging the work.',
    'The acceptance criteria are judging your work.',
  ],
  completed: ['The work was accepted, and the seller is paid.', 'Your work was accepted, and you are paid.'],
  failed: [
    'The job failed: you get the price back, unless it is disputed in time.',
    'The job failed: the client gets the price back, unless it is disputed in time.',
  ],
  disputed: 'An operator decides who gets what, unless the two of you settle it first.',
  resolved: 'What was held has been divided between you.',
  cancelled: 'It was ended before the work was done.',
};

/** In the order in which a job passes them. */
export const JOB_STATES = Object.keys(STATES) as readonly JobStatus[];

/** A job's state as this party has to understand it. */
export function stateInWords(job: Job, agentId: string): string {
  const words = STATES[job.status];
  if (typeof words === 'string') return words;
  const [client, seller] = words;
  return job.client_agent_id === agentId ? client : seller;
}
