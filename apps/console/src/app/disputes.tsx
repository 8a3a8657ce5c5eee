import type { Fees, Job, OperatorJobView, ShownEvidence } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, type Page, post } from './api.ts';
import { Confirm, WhoGetsWhat } from './confirm.tsx';
import { ActionForm, TextField } from './form.tsx';
import { useLoad } from './load.ts';
import { money, splitByShare } from './money.ts';
import { Bars } from './plot.tsx';
import { Runs } from './runs.tsx';
import { ShareSlider, sharesOf } from './shares.tsx';
import { stakesOf } from './shown-job.ts';
import { Empty, Json, Money, Show, Status, short, Time } from './ui.tsx';
import { WatchedAgent } from './watched-agent.tsx';

const as = 'operator' as const;

/** Jobs that wait for a decision. */
export function Disputes(): JSX.Element {
  const found = useLoad('disputes', async (signal) => {
    const [jobs, fees] = await Promise.all([
      get<Page<Job>>('/operator/jobs', { as, signal, query: { status: 'disputed', limit: 100 } }),
      get<Fees>('/fees', { as: null, signal }),
    ]);
    return { jobs: jobs.items, total: jobs.total, fees };
  });
  return (
    <Show of={found}>
      {({ jobs, total, fees }) =>
        jobs.length === 0 ? (
          <Empty>No dispute waits for you.</Empty>
        ) : (
          <>
            <Bars
              title="Held in disputes, by job"
              bars={jobs.map((job) => ({
                name: short(job.job_id),
                value: Number(job.agreed_price) + Number(job.seller_abort_penalty),
                shown: money(stakesOf({ job, fees }).price + stakesOf({ job, fees }).bond),
              }))}
            />
            {total > jobs.length && (
              <p class="soft">
                The {jobs.length} that have waited longest of {total}: the others follow as these are
                resolved.
              </p>
            )}
            <ul class="deliveries">
              {jobs.map((job) => (
                <Dispute key={job.job_id} job={job} fees={fees} onDone={found.again} />
              ))}
            </ul>
          </>
        )
      }
    </Show>
  );
}

interface DisputeProps {
  readonly job: Job;
  readonly fees: Fees;
  readonly onDone: () => void;
}

function Dispute({ job, fees, onDone }: DisputeProps): JSX.Element {
  const stakes = stakesOf({ job, fees });
  const [share, setShare] = useState((stakes.price + stakes.bond) / 2n);
  const [note, setNote] = useState('');
  const [isAsking, setAsking] = useState(false);
  return (
    <li>
      <div class="row">
        <strong class="id">{job.job_id}</strong>
        <Status of={job.status} />
      </div>
      <p class="soft">
        client <WatchedAgent id={job.client_agent_id} />, seller <WatchedAgent id={job.seller_agent_id} /> ·
        price <Money of={job.agreed_price} />, bond <Money of={job.seller_abort_penalty} /> · since{' '}
        <Time at={job.updated_at} />
      </p>
      <BothSides jobId={job.job_id} />
      <details class="panel">
        <summary>Resolve</summary>
        <ActionForm verb="Resolve so" onSubmit={async () => setAsking(true)}>
          <ShareSlider stakes={stakes} sellerShare={share} onChange={setShare} />
          <TextField label="Why, for the audit trail" rows={2} required value={note} onText={setNote} />
        </ActionForm>
      </details>
      {isAsking && (
        <Confirm
          title="Resolve the dispute?"
          verb="Pay it so"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await post(`/operator/jobs/${job.job_id}/resolve`, { ...sharesOf(share, stakes), note }, { as });
            onDone();
          }}
        >
          <p>This is paid at once, and cannot be undone:</p>
          <WhoGetsWhat split={splitByShare(share, stakes)} />
        </Confirm>
      )}
    </li>
  );
}

/** What both parties agreed, delivered and show, read when an operator looks. */
function BothSides({ jobId }: { readonly jobId: string }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What both sides say</summary>
      {isOpen && <Sides jobId={jobId} />}
    </details>
  );
}

async function readSides(jobId: string, signal: AbortSignal) {
  const view = await get<OperatorJobView>(`/operator/jobs/${jobId}`, { as, signal });
  const pieces = view.evidence.map(({ evidence_id }) =>
    get<ShownEvidence>(`/operator/jobs/${jobId}/evidence/${evidence_id}`, { as, signal }),
  );
  return { view, evidence: await Promise.all(pieces) };
}

function Sides({ jobId }: { readonly jobId: string }): JSX.Element {
  const found = useLoad(`sides ${jobId}`, (signal) => readSides(jobId, signal));
  return (
    <Show of={found}>
      {({ view, evidence }) => (
        <>
          <p>It ended because: {view.outcome_reason ?? 'no reason was given'}</p>
          <p>It is disputed because: {reasonOf(view) ?? 'no reason was given'}</p>
          <Json of={view.job.requirements} label="Requirements" />
          <Json of={view.job.result} label="What was delivered" />
          <Runs runs={view.runs} hasCriteria={view.job.acceptance_criteria !== null} />
          {evidence.length === 0 ? (
            <Empty>Neither has shown any evidence.</Empty>
          ) : (
            <ul>
              {evidence.map((piece) => (
                <li key={piece.evidence_id}>
                  <strong>{piece.name}</strong> by the{' '}
                  {piece.by === view.job.client_agent_id ? 'client' : 'seller'},{' '}
                  <Time at={piece.created_at} />
                  <blockquote>{textOf(piece)}</blockquote>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Show>
  );
}

function reasonOf({ events }: OperatorJobView): string | null {
  const disputed = events.findLast(({ event }) => event === 'job.disputed');
  const reason = (disputed?.data as { reason?: unknown } | undefined)?.reason;
  return typeof reason === 'string' ? reason : null;
}

/** What is text is shown as text, and nothing else is opened. */
function textOf({ media_type, content, bytes }: ShownEvidence): string {
  if (!media_type.startsWith('text/')) return `${media_type}, ${bytes} bytes`;
  return new TextDecoder().decode(Uint8Array.from(atob(content), (char) => char.charCodeAt(0)));
}
