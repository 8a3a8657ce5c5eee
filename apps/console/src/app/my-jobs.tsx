import type { Job, JobStatus } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, type Page } from './api.ts';
import { SelectField } from './form.tsx';
import { More, PAGE_ITEMS, useList } from './list.tsx';
import { useLoad } from './load.ts';
import type { Listed } from './merge-list.ts';
import { Bars } from './plot.tsx';
import { JOB_STATES } from './state-words.ts';
import { Table } from './table.tsx';
import { AgentLink, Empty, JobLink, Money, Show, Status, Time } from './ui.tsx';
import { waitsFor } from './waits.ts';

const isOver = (status: JobStatus): boolean =>
  ['completed', 'failed', 'resolved', 'cancelled'].includes(status);
/** Up to so many jobs, three pages, the counts are of what is listed anyway. */
const PAGES_AT_FIRST = 3;

/** Jobs by state, and those in which the other party waits for this agent. */
export function MyJobs({ agentId }: { readonly agentId: string }): JSX.Element {
  const [status, setStatus] = useState('');
  const all = useList<Job>({ path: '/jobs', keyOf: ({ job_id }) => job_id, pagesAtFirst: PAGES_AT_FIRST });
  return (
    <Show of={all}>
      {(listed) => (
        <>
          {listed.next === null ? (
            <Standing agentId={agentId} {...standingOf(listed)} />
          ) : (
            <CountedStanding agentId={agentId} />
          )}
          <h2>All jobs</h2>
          <SelectField
            label="State"
            value={status}
            onValue={setStatus}
            options={[['', 'all'], ...JOB_STATES.map((name) => [name, name.replace('_', ' ')] as const)]}
          />
          {listed.next === null ? (
            <Listing
              agentId={agentId}
              jobs={listed.items.filter((job) => status === '' || job.status === status)}
            />
          ) : status === '' ? (
            <>
              <Listing agentId={agentId} jobs={listed.items} />
              <More list={all} />
            </>
          ) : (
            <JobsIn key={status} agentId={agentId} status={status} />
          )}
        </>
      )}
    </Show>
  );
}

/** Those in one state, where not all are listed. */
function JobsIn({ agentId, status }: { readonly agentId: string; readonly status: string }): JSX.Element {
  const jobs = useList<Job>({ path: '/jobs', query: { status }, keyOf: ({ job_id }) => job_id });
  return (
    <>
      <Show of={jobs}>{({ items }) => <Listing agentId={agentId} jobs={items} />}</Show>
      <More list={jobs} />
    </>
  );
}

function Listing({
  agentId,
  jobs,
}: {
  readonly agentId: string;
  readonly jobs: readonly Job[];
}): JSX.Element {
  return (
    <Table
      caption={`${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`}, the newest first`}
      empty="None is in that state."
      rows={jobs}
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
  );
}

interface StandingProps {
  readonly counts: readonly { readonly name: JobStatus; readonly value: number }[];
  /** Jobs that have not ended. */
  readonly open: readonly Job[];
}

function standingOf({ items }: Listed<Job>): StandingProps {
  const counts = JOB_STATES.map((name) => ({
    name,
    value: items.filter(({ status }) => status === name).length,
  }));
  return { counts, open: items };
}

/** As the registry counts them, where there are more jobs than are listed. */
function CountedStanding({ agentId }: { readonly agentId: string }): JSX.Element {
  const found = useLoad(`standing ${agentId}`, async (signal) => {
    const pages = await Promise.all(
      JOB_STATES.map((status) =>
        get<Page<Job>>('/jobs', { signal, query: { status, limit: isOver(status) ? 1 : PAGE_ITEMS } }),
      ),
    );
    return {
      counts: JOB_STATES.map((name, index) => ({ name, value: pages[index]!.total })),
      open: pages.flatMap(({ items }) => items),
    };
  });
  return <Show of={found}>{(standing) => <Standing agentId={agentId} {...standing} />}</Show>;
}

function Standing({ agentId, counts, open }: StandingProps & { readonly agentId: string }): JSX.Element {
  const waiting = open.flatMap((job) => {
    const what = waitsFor(job, agentId);
    return what === null ? [] : [{ job, what }];
  });
  const bars = counts.filter(({ value }) => value > 0);
  if (bars.length === 0)
    return (
      <Empty>
        No jobs yet. In the market you can propose one; what others propose to you appears here by itself.
      </Empty>
    );
  return (
    <>
      <h2>What waits for you</h2>
      <Table
        caption="Jobs that wait for you"
        empty="Nothing: the others are at work."
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
      <Bars title="Jobs by state" bars={bars} />
    </>
  );
}

const otherOf = (job: Job, agentId: string): string =>
  job.client_agent_id === agentId ? job.seller_agent_id : job.client_agent_id;
