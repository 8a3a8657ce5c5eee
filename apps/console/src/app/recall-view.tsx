import type { AskedRejudgements, Recall, RecalledVerdict } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, post } from './api.ts';
import { Figures } from './figures.tsx';
import { ActionForm, SelectField, TextField } from './form.tsx';
import { itemsOf, ListTable, useList } from './list.tsx';
import { useLoad } from './load.ts';
import { Show, Status, Time } from './ui.tsx';
import { verdictColumns } from './verdict-columns.tsx';

const as = 'operator' as const;
/** The registry takes so many at once. */
const AT_ONCE = 100;

const STATUSES = [
  ['', 'all'],
  ['turned', 'open cases'],
  ['waiting', 'waiting'],
  ['same', 'the same again'],
  ['closed', 'closed cases'],
  ['unavailable', 'cannot be judged anew'],
] as const;

interface RecallProps {
  readonly recall: Recall;
  readonly onChange: () => void;
}

/** A recalled runner: its verdicts, what is known of each since, and what can be done about it. */
export function RecallView({ recallId }: { readonly recallId: string }): JSX.Element {
  const found = useLoad(`recall ${recallId}`, (signal) =>
    get<Recall>(`/operator/recalls/${recallId}`, { as, signal }),
  );
  return <Show of={found}>{(recall) => <View recall={recall} onChange={found.again} />}</Show>;
}

function View({ recall, onChange }: RecallProps): JSX.Element {
  const [status, setStatus] = useState('');
  const path = `/operator/recalls/${recall.recall_id}`;
  const found = useList<RecalledVerdict>({
    path: `${path}/verdicts`,
    as,
    query: { status },
    keyOf: ({ run_id }) => run_id,
  });
  const { rejudged } = recall;
  const onDone = (): void => {
    onChange();
    found.again();
  };
  return (
    <>
      <h2>
        Runner <span class="id">{recall.runner_digest.slice(0, 12)}</span>
      </h2>
      <p>
        {recall.reason}{' '}
        <span class="soft">
          Recalled <Time at={recall.created_at} />
        </span>
      </p>
      <Figures
        figures={[
          ['Verdicts', recall.verdicts],
          ['Waiting', rejudged.waiting],
          ['The same again', rejudged.same],
          ['Open cases', rejudged.turned],
        ]}
      />
      <SelectField label="Show" value={status} onValue={setStatus} options={STATUSES} />
      <Rejudge path={path} verdicts={itemsOf(found)} onDone={onDone} />
      <ListTable
        list={found}
        caption={() => 'Verdicts, in the order of the deliveries'}
        empty="No verdict is in that state."
        columns={[
          ...verdictColumns,
          ['Anew', (row) => (row.new_verdict === null ? '–' : <Status of={row.new_verdict} />)],
          ['Known', (row) => <Known path={path} verdict={row} onDone={onDone} />],
        ]}
      />
    </>
  );
}

interface KnownProps {
  readonly path: string;
  readonly verdict: RecalledVerdict;
  readonly onDone: () => void;
}

/** What is known since; of an open case, how to close it. */
function Known({ path, verdict, onDone }: KnownProps): JSX.Element {
  const [reference, setReference] = useState('');
  const [note, setNote] = useState('');
  const { status, run_id } = verdict;
  if (status !== 'turned')
    return (
      <>
        {status === null ? 'nobody asked' : <Status of={status} />}{' '}
        {verdict.unavailable_reason ?? verdict.note}
      </>
    );
  const close = async (): Promise<void> => {
    const given = reference.trim();
    await post(`${path}/verdicts/${run_id}/close`, { reference: given === '' ? null : given, note }, { as });
    onDone();
  };
  return (
    <details>
      <summary>An open case: close it</summary>
      <ActionForm verb="Close" onSubmit={close}>
        <TextField
          label="Reference of the deposit"
          hint="It is public. Empty: nobody was compensated."
          value={reference}
          onText={setReference}
        />
        <TextField label="Why, for the audit trail" required value={note} onText={setNote} />
      </ActionForm>
    </details>
  );
}

interface RejudgeProps {
  readonly path: string;
  readonly verdicts: readonly RecalledVerdict[];
  readonly onDone: () => void;
}

/** Has those judged anew that nobody asked for, of the verdicts that are listed. */
function Rejudge({ path, verdicts, onDone }: RejudgeProps): JSX.Element | null {
  const [note, setNote] = useState('');
  const [came, setCame] = useState<AskedRejudgements | null>(null);
  const wanted = verdicts.filter(({ status }) => status === null).slice(0, AT_ONCE);
  const rejudge = async (): Promise<void> => {
    const run_ids = wanted.map(({ run_id }) => run_id);
    setCame(await post<AskedRejudgements>(`${path}/rejudge`, { run_ids, note }, { as }));
    onDone();
  };
  return (
    <>
      {wanted.length > 0 && (
        <details class="panel">
          <summary>
            Have {wanted.length === 1 ? 'the one' : wanted.length} judged anew that nobody asked for
          </summary>
          <p>The current runner judges the same work by the same suite. Jobs and money stay as they are.</p>
          <ActionForm verb="Judge anew" onSubmit={rejudge}>
            <TextField label="Why, for the audit trail" required value={note} onText={setNote} />
          </ActionForm>
        </details>
      )}
      {came !== null && (
        <p class="notice" role="status">
          {came.asked} wait for the runner; {came.unavailable} cannot be judged anew.
        </p>
      )}
    </>
  );
}
