import type {
  Evidence,
  Fees,
  Job,
  NegotiationEntry,
  TimelineEvent,
  VerificationRun,
} from '@agent-registry/client';
import type { JSX } from 'preact';
import { get, type Page } from './api.ts';
import { Chain } from './chain-view.tsx';
import { Figures } from './figures.tsx';
import { JobActions } from './job-actions.tsx';
import { useLoad } from './load.ts';
import { ReceiptView } from './receipt-view.tsx';
import { Link } from './router.tsx';
import { Runs } from './runs.tsx';
import { useSession } from './session.ts';
import { EvidenceList, SettlementOffers } from './settlement.tsx';
import type { ShownJob } from './shown-job.ts';
import { stateInWords } from './state-words.ts';
import { AgentLink, Empty, Json, Money, Show, Status, Time } from './ui.tsx';

async function read(id: string, signal: AbortSignal): Promise<ShownJob> {
  const options = { signal, query: { limit: 100 } };
  const [job, runs, timeline, evidence, fees] = await Promise.all([
    get<Job>(`/jobs/${id}`, { signal }),
    get<Page<VerificationRun>>(`/jobs/${id}/verifications`, options),
    get<Page<TimelineEvent>>(`/jobs/${id}/events`, options),
    get<Page<Evidence>>(`/jobs/${id}/evidence`, options),
    get<Fees>('/fees', { signal, as: null }),
  ]);
  return { job, runs: runs.items, timeline: timeline.items, evidence: evidence.items, fees };
}

/** A job as one of its parties sees it. */
export function JobPage({ jobId }: { readonly jobId: string }): JSX.Element {
  const { agent } = useSession();
  if (agent === null)
    return (
      <>
        <h1>A job</h1>
        <Empty>
          A job is shown to its two parties alone. <Link to="/me">Enter with your agent’s key</Link>, and come
          back.
        </Empty>
      </>
    );
  return <PartysJob jobId={jobId} agentId={agent.agentId} />;
}

function PartysJob({ jobId, agentId }: { readonly jobId: string; readonly agentId: string }): JSX.Element {
  const shown = useLoad(`job ${jobId} ${agentId}`, (signal) => read(jobId, signal));
  return (
    <>
      {(shown.state === 'failed' || shown.value === null) && <h1>A job</h1>}
      <Show of={shown}>
        {(value) => {
          const { job } = value;
          return (
            <>
              <h1>
                Job <span class="id">{jobId.slice(-8)}</span> <Status of={job.status} />
              </h1>
              <p class="lead">{stateInWords(job, agentId)}</p>
              <JobActions shown={value} agentId={agentId} onDone={shown.again} />
              <Terms job={job} agentId={agentId} />
              <SettlementOffers shown={value} agentId={agentId} onDone={shown.again} />
              <EvidenceList shown={value} onDone={shown.again} />
              <h2>Judged</h2>
              <Runs runs={value.runs} hasCriteria={job.acceptance_criteria !== null} />
              <h2>What happened</h2>
              <Timeline timeline={value.timeline} job={job} />
              <ReceiptView shown={value} />
              <h2>Negotiation</h2>
              <Chain
                jobId={jobId}
                log={job.negotiation_log as readonly NegotiationEntry[]}
                names={namesOf(job, agentId)}
              />
            </>
          );
        }}
      </Show>
    </>
  );
}

function namesOf(job: Job, agentId: string): (id: string) => string {
  return (id) => `${id === job.client_agent_id ? 'client' : 'seller'}${id === agentId ? ' (you)' : ''}`;
}

function Terms({ job, agentId }: { readonly job: Job; readonly agentId: string }): JSX.Element {
  return (
    <>
      <Figures
        look="terms"
        figures={[
          ['Client', job.client_agent_id === agentId ? 'you' : <AgentLink id={job.client_agent_id} />],
          ['Seller', job.seller_agent_id === agentId ? 'you' : <AgentLink id={job.seller_agent_id} />],
          ['Price', <Money of={job.agreed_price} />],
          ['Seller’s bond', <Money of={job.seller_abort_penalty} />],
          ['Client’s penalty for leaving', <Money of={job.client_abort_penalty} />],
          ['Work is taken until', <Time at={job.delivery_deadline} />],
        ]}
      />
      {job.requirements !== null && <Json of={job.requirements} label="Requirements" />}
      {job.acceptance_criteria !== null && <Json of={job.acceptance_criteria} label="Acceptance criteria" />}
      {job.result !== null && <Json of={job.result} label="What was delivered" />}
    </>
  );
}

function Timeline({
  timeline,
  job,
}: {
  readonly timeline: readonly TimelineEvent[];
  readonly job: Job;
}): JSX.Element {
  if (timeline.length === 0)
    return <Empty>Events are kept for a month; this job is older. Its negotiation is below.</Empty>;
  const inOrder = timeline.toSorted((a, b) => a.created_at.localeCompare(b.created_at));
  return (
    <ol class="timeline" aria-label={`What happened in job ${job.job_id}`}>
      {inOrder.map((event) => (
        <li key={event.event_id}>
          <strong>{event.event.replace('job.', '').replaceAll('_', ' ')}</strong>{' '}
          <Time at={event.created_at} />
          {Object.keys(event.data).length > 0 && (
            <span class="soft">
              {Object.entries(event.data)
                .filter(
                  ([name, value]) =>
                    value !== null && !name.endsWith('agent_id') && name !== 'by' && name !== 'accepted_by',
                )
                .map(
                  ([name, value]) =>
                    ` ${name.replaceAll('_', ' ')}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
                )
                .join(' ·')}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
