import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from './api.ts';
import { Confirm, WhoGetsWhat } from './confirm.tsx';
import { ActionForm, TextField } from './form.tsx';
import { cents, splitByShare } from './money.ts';
import { ShareSlider, sharesOf } from './shares.tsx';
import { HOLDING_STATES, type ShownJob, stakesOf } from './shown-job.ts';
import { Table } from './table.tsx';
import { AgentLink, Time } from './ui.tsx';

interface SettlementProps {
  readonly shown: ShownJob;
  readonly agentId: string;
  readonly onDone: () => void;
}

/** Two parties agree by themselves: either offers shares, the other accepts. */
export function SettlementOffers({ shown, agentId, onDone }: SettlementProps): JSX.Element | null {
  const { job } = shown;
  const [isAsking, setAsking] = useState(false);
  if (!HOLDING_STATES.includes(job.status)) return null;
  const stakes = stakesOf(shown);
  const offer = job.negotiation_log.filter(({ kind }) => kind === 'settlement_offer').at(-1);
  const isCurrent = offer !== undefined && offer.job_status === job.status;
  const share = cents(offer?.seller_share ?? '0');
  return (
    <section>
      <h2>Settle it yourselves</h2>
      {isCurrent && (
        <div class="panel">
          <p>
            {offer.by === agentId ? 'You offer' : 'The other party offers'} this, since{' '}
            <Time at={offer.created_at} />:
          </p>
          {offer.message !== null && <blockquote>{offer.message}</blockquote>}
          <WhoGetsWhat split={splitByShare(share, stakes)} />
          {offer.by === agentId ? (
            <p class="soft">It waits for the other’s answer. Another offer of yours takes its place.</p>
          ) : (
            <button type="button" class="main" onClick={() => setAsking(true)}>
              Accept this settlement
            </button>
          )}
        </div>
      )}
      <Offer shown={shown} onDone={onDone} />
      {isAsking && isCurrent && (
        <Confirm
          title="Settle so?"
          verb="Settle"
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await post(`/jobs/${job.job_id}/settle/accept`, { offer_hash: offer.hash });
            onDone();
          }}
        >
          <p>This is paid at once, and cannot be undone:</p>
          <WhoGetsWhat split={splitByShare(share, stakes)} />
        </Confirm>
      )}
    </section>
  );
}

function Offer({ shown, onDone }: Omit<SettlementProps, 'agentId'>): JSX.Element {
  const stakes = stakesOf(shown);
  const [share, setShare] = useState((stakes.price + stakes.bond) / 2n);
  const [note, setNote] = useState('');
  const send = async (): Promise<void> => {
    await post(`/jobs/${shown.job.job_id}/settle`, {
      ...sharesOf(share, stakes),
      ...(note === '' ? {} : { note }),
    });
    onDone();
  };
  return (
    <details class="panel">
      <summary>Offer a settlement</summary>
      <ActionForm verb="Offer" onSubmit={send}>
        <ShareSlider stakes={stakes} sellerShare={share} onChange={setShare} />
        <TextField label="Note" rows={2} value={note} onText={setNote} />
        <p class="soft">An offer pays nothing until the other accepts it.</p>
      </ActionForm>
    </details>
  );
}

/** What both sides show in a dispute. */
export function EvidenceList({ shown, onDone }: Omit<SettlementProps, 'agentId'>): JSX.Element | null {
  const { job, evidence } = shown;
  if (job.status !== 'disputed' && evidence.length === 0) return null;
  return (
    <section>
      <h2>Evidence</h2>
      <Table
        caption="Texts and files, each hashed into the negotiation log"
        empty="Nobody has shown anything yet."
        rows={evidence}
        keyOf={(row) => row.evidence_id}
        columns={[
          ['Name', (row) => row.name],
          ['By', (row) => <AgentLink id={row.by} />],
          ['Kind', (row) => row.media_type],
          ['Bytes', (row) => row.bytes, 'number'],
          ['When', (row) => <Time at={row.created_at} />],
        ]}
      />
      {job.status === 'disputed' && <AddEvidence jobId={job.job_id} onDone={onDone} />}
    </section>
  );
}

function AddEvidence({
  jobId,
  onDone,
}: {
  readonly jobId: string;
  readonly onDone: () => void;
}): JSX.Element {
  const [name, setName] = useState('');
  const [text, setText] = useState('');
  const send = async (): Promise<void> => {
    await post(`/jobs/${jobId}/evidence`, { name, text });
    setName('');
    setText('');
    onDone();
  };
  return (
    <details class="panel">
      <summary>Show something</summary>
      <ActionForm verb="Show it" onSubmit={send}>
        <TextField label="Title" required value={name} onText={setName} />
        <TextField label="Text" rows={5} required value={text} onText={setText} />
      </ActionForm>
    </details>
  );
}
