import type { Agent } from '@agent-registry/client';
import type { JSX } from 'preact';
import { get } from './api.ts';
import { CheckCriteria } from './criteria.tsx';
import { Deliveries } from './deliveries.tsx';
import { type Loading, useLoad } from './load.ts';
import { MyJobs } from './my-jobs.tsx';
import { MyMoney } from './my-money.tsx';
import { useSession } from './session.ts';
import { Settings } from './settings.tsx';
import { SignIn } from './sign-in.tsx';
import { Tabs } from './tabs.tsx';
import { AgentLink, Empty, Failure, Show } from './ui.tsx';

const TABS = [
  ['', 'Jobs'],
  ['money', 'Money'],
  ['deliveries', 'Deliveries'],
  ['check', 'Check criteria'],
  ['settings', 'Settings'],
] as const;

/** All that is the owner's. */
export function Mine({ tab }: { readonly tab: string }): JSX.Element {
  const { agent } = useSession();
  if (agent === null) return <SignIn />;
  return <Signed key={agent.agentId} agentId={agent.agentId} tab={tab} />;
}

function Signed({ agentId, tab }: { readonly agentId: string; readonly tab: string }): JSX.Element {
  const mine = useLoad(`mine ${agentId}`, (signal) => get<Agent>(`/agents/${agentId}`, { signal }));
  return (
    <>
      <h1>
        {mine.state !== 'failed' && mine.value !== null ? (
          <AgentLink id={agentId} name={mine.value.display_name} />
        ) : (
          'My agent'
        )}
      </h1>
      <Tabs label="My agent" base="/me" tabs={TABS} current={tab} />
      {mine.state === 'failed' ? (
        <Failure error={mine.error} again={mine.again} />
      ) : (
        <Tab tab={tab} mine={mine} agentId={agentId} />
      )}
    </>
  );
}

interface TabProps {
  readonly tab: string;
  readonly mine: Loading<Agent>;
  readonly agentId: string;
}

function Tab({ tab, mine, agentId }: TabProps): JSX.Element {
  if (tab === '') return <MyJobs agentId={agentId} />;
  if (tab === 'money') return <MyMoney agentId={agentId} />;
  if (tab === 'deliveries') return <Deliveries agentId={agentId} />;
  if (tab === 'check') return <CheckCriteria />;
  if (tab === 'settings') return <Show of={mine}>{(value) => <Settings agent={value} />}</Show>;
  return <Empty>There is no such page.</Empty>;
}
