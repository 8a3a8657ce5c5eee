import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get } from './api.ts';
import { Disputes } from './disputes.tsx';
import { ActionForm, TextField } from './form.tsx';
import { Agents, AgentView } from './operator-agents.tsx';
import { AuditTrail, Escrows, FailedDeliveries, LedgerAudit } from './operator-lists.tsx';
import { Overview } from './overview.tsx';
import { RecallView } from './recall-view.tsx';
import { Recalls } from './recalls.tsx';
import { enterOperator, useSession } from './session.ts';
import { Tabs } from './tabs.tsx';
import { Empty } from './ui.tsx';

const TABS = [
  ['', 'Overview'],
  ['disputes', 'Disputes'],
  ['escrows', 'Held'],
  ['deliveries', 'Failed deliveries'],
  ['agents', 'Agents'],
  ['audit', 'Audit trail'],
  ['ledger', 'Ledger'],
  ['recalls', 'Recalls'],
] as const;

const as = 'operator' as const;

/** What operators do and see. Their key is in memory, for as long as the page is open. */
export function Operator({ tab, id }: { readonly tab: string; readonly id: string }): JSX.Element {
  const { operatorKey } = useSession();
  if (operatorKey === null) return <EnterKey />;
  return (
    <>
      <div class="row">
        <h1>Operator</h1>
        <button type="button" onClick={() => enterOperator(null)}>
          Forget the key
        </button>
      </div>
      <Tabs label="Operator" base="/operator" tabs={TABS} current={tab} />
      {tab === '' && <Overview />}
      {tab === 'disputes' && <Disputes />}
      {tab === 'escrows' && <Escrows />}
      {tab === 'ledger' && <LedgerAudit />}
      {tab === 'deliveries' && <FailedDeliveries />}
      {tab === 'agents' && (id === '' ? <Agents /> : <AgentView key={id} agentId={id} />)}
      {tab === 'audit' && <AuditTrail />}
      {tab === 'recalls' && (id === '' ? <Recalls /> : <RecallView key={id} recallId={id} />)}
      {!TABS.some(([known]) => known === tab) && <Empty>There is no such page.</Empty>}
    </>
  );
}

function EnterKey(): JSX.Element {
  const [key, setKey] = useState('');
  const enter = async (): Promise<void> => {
    enterOperator(key.trim());
    try {
      await get('/operator/audit', { as, query: { limit: 1 } });
    } catch (error) {
      enterOperator(null);
      throw error;
    }
  };
  return (
    <>
      <h1>Operator</h1>
      <section class="panel">
        <ActionForm verb="Enter" onSubmit={enter}>
          <TextField
            label="Operator key"
            hint="It stays in this page’s memory. A reload forgets it."
            type="password"
            required
            autocomplete="off"
            value={key}
            onText={setKey}
          />
        </ActionForm>
      </section>
    </>
  );
}
