import type { Job, JobStatus } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, type Page } from './api.ts';
import { SelectField } from './form.tsx';
import { useLoad } from './load.ts';
import { Bars } from './plot.tsx';
import { AgentLink, Empty, JobLink, Money, Show, Status, Table, Time } from './ui.tsx';
import { waitsFor } from './waits.ts';

const STATUSES: readonly JobStatus[] = [
  'proposed',
  'negotiating',
  'agreed',
  'funded',
  'in_progress',
  'delivered',
  'verifying',
  'completed',
  'failed',
  'disputed',
  'resolved',
  'cancelled',
];
const PAGES_MAX = 10;

async function readAll(signal: AbortSignal): Promise<readonly Job[]> {
  const jobs: Job[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const found: Page<Job> = await get('/jobs', { signal, query: { limit: 100, cursor } });
    jobs.push(...found.items);
    cursor = found.next_cursor;
    if (cursor === null) break;
  }
  return jobs;
}

/** Jobs by state, and those in which the other party waits for this agent. */
export function MyJobs({ agentId }: { readonly agentId: string }): JSX.Element {
  const jobs = useLoad(`jobs ${agentId}`, readAll);
  const [status, setStatus] = useState('');
  return (
    <Show of={jobs}>
      {(all) => {
        if (all.length === 0)
          return (
            <Empty>
              No jobs yet. In the market you can propose one; what others propose to you appears here by
              itself.
            </Empty>
          );
        const waiting = all.flatMap((job) => {
          const what = waitsFor(job, agentId);
          return what === null ? [] : [{ job, what }];
        });
        const shown = status === '' ? all : all.filter((job) => job.status === status);
        const bars = STATUSES.map((name) => ({
          name,
          value: all.filter((job) => job.status === name).length,
        }));
        return (
          <>
            <h2>What waits for you</h2>
            {waiting.length === 0 ? (
              <Empty>Nothing: the others are at work.</Empty>
            ) : (
              <Table
                caption="Jobs that wait for you"
                rows={waiting}
                keyOf={({ job }) => job.job_id}
                columns={[
                  ['Job', ({ job }) => <JobLink id={job.job_id} />],
                  ['What to do', ({ what }) => what],
                  ['With', ({ job }) => <AgentLink id={otherOf(job, agentId)} />],
                  ['Price', ({ job }) => <Money of={job.agreed_price} />, 'number'],
                  ['Until', ({ job }) => <Time at={job.delivery_deadline} />],
                ]}
              />
            )}
            <Bars title="Jobs by state" bars={bars.filter(({ value }) => value > 0)} />
            <h2>All jobs</h2>
            <SelectField
              label="State"
              value={status}
              onValue={setStatus}
              options={[['', 'all'], ...STATUSES.map((name) => [name, name.replace('_', ' ')] as const)]}
            />
            {shown.length === 0 ? (
              <Empty>None is in that state.</Empty>
            ) : (
              <Table
                caption={`${shown.length} jobs, the newest first`}
                rows={shown}
                keyOf={(job) => job.job_id}
                columns={[
                  ['Job', (job) => <JobLink id={job.job_id} />],
                  ['State', (job) => <Status of={job.status} />],
                  ['You are', (job) => (job.client_agent_id === agentId ? 'client' : 'seller')],
                  ['With', (job) => <AgentLink id={otherOf(job, agentId)} />],
                  ['Price', (job) => <Money of={job.agreed_price} />, 'number'],
                  ['Changed', (job) => <Time at={job.updated_at} />],
                ]}
              />
            )}
          </>
        );
      }}
    </Show>
  );
}

const otherOf = (job: Job, agentId: string): string =>
  job.client_agent_id === agentId ? job.seller_agent_id : job.client_agent_id;
