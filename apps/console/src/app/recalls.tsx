import type { Recall, RecalledVerdict } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, type Page, post } from './api.ts';
import { Confirm } from './confirm.tsx';
import { ActionForm, TextField } from './form.tsx';
import { ListTable, useList } from './list.tsx';
import { Link } from './router.tsx';
import { Table } from './table.tsx';
import { Empty, Time } from './ui.tsx';
import { verdictColumns } from './verdict-columns.tsx';

const as = 'operator' as const;
/** Of those that a recall would concern; the others are counted. */
const SHOWN = 10;

/** Runners that were found faulty. */
export function Recalls(): JSX.Element {
  const found = useList<Recall>({ path: '/operator/recalls', as, keyOf: ({ recall_id }) => recall_id });
  return (
    <>
      <OpenRecall onDone={found.again} />
      <ListTable
        list={found}
        caption={() => 'Recalled runners, the newest first, and what became of their verdicts'}
        empty="No runner was ever found faulty."
        columns={[
          [
            'Runner',
            (row) => (
              <Link to={`/operator/recalls/${row.recall_id}`} class="id">
                {row.runner_digest.slice(0, 12)}
              </Link>
            ),
          ],
          ['When', (row) => <Time at={row.created_at} />],
          ['Why', (row) => row.reason],
          ['Verdicts', (row) => row.verdicts, 'number'],
          ['Waiting', (row) => row.rejudged.waiting, 'number'],
          ['Same', (row) => row.rejudged.same, 'number'],
          ['Open cases', (row) => row.rejudged.turned, 'number'],
          ['Closed', (row) => row.rejudged.closed, 'number'],
          ['Cannot be', (row) => row.rejudged.unavailable, 'number'],
        ]}
      />
    </>
  );
}

type Affected = Page<RecalledVerdict>;

/** A recall is public and cannot be taken back: whom it concerns is shown before. */
function OpenRecall({ onDone }: { readonly onDone: () => void }): JSX.Element {
  const [digest, setDigest] = useState('');
  const [reason, setReason] = useState('');
  const [note, setNote] = useState('');
  const [affected, setAffected] = useState<Affected | null>(null);
  const runner_digest = digest.trim();
  const look = async (): Promise<void> =>
    setAffected(await get<Affected>('/operator/verdicts', { as, query: { runner_digest, limit: SHOWN } }));
  return (
    <details class="panel">
      <summary>Recall a runner</summary>
      <ActionForm verb="Look whom it concerns" onSubmit={look}>
        <TextField
          label="Digest of the runner"
          hint="64 hex digits: the runner’s digest of the verdicts that it gave."
          isCode
          required
          maxLength={64}
          value={digest}
          onText={setDigest}
        />
        <TextField
          label="What is wrong with it"
          hint="Everybody reads it in the public log."
          required
          maxLength={200}
          value={reason}
          onText={setReason}
        />
        <TextField label="Why, for the audit trail" required value={note} onText={setNote} />
      </ActionForm>
      {affected?.items.length === 0 && (
        <Empty>No verdict is by this runner: there is nothing to recall.</Empty>
      )}
      {affected !== null && affected.items.length > 0 && (
        <Confirm
          title={`Recall runner ${runner_digest.slice(0, 12)}?`}
          verb="Recall it"
          onClose={() => setAffected(null)}
          onConfirm={async () => {
            await post('/operator/recalls', { runner_digest, reason, note }, { as });
            onDone();
          }}
        >
          <Concerned affected={affected} />
        </Confirm>
      )}
    </details>
  );
}

function Concerned({ affected: { items, total } }: { readonly affected: Affected }): JSX.Element {
  return (
    <>
      <p>
        It gave <strong>{total === 1 ? '1 verdict' : `${total} verdicts`}</strong>. The public log says at
        once that it is recalled, and why; that stays. Jobs and money stay as they are until you have verdicts
        judged anew.
      </p>
      <Table
        caption={total > items.length ? `The first ${items.length} of ${total}` : 'All of them'}
        rows={items}
        keyOf={(row) => row.run_id}
        columns={verdictColumns}
      />
    </>
  );
}
