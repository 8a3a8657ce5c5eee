import type { NegotiationEntry } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { verifyChain } from './chain.ts';
import { Json, Money, Time } from './ui.tsx';

interface ChainProps {
  readonly jobId: string;
  readonly log: readonly NegotiationEntry[];
  readonly names: (agentId: string) => string;
}

/** Every step with its hash, recomputed here: nobody's word is taken for it. */
export function Chain({ jobId, log, names }: ChainProps): JSX.Element {
  const [held, setHeld] = useState<readonly boolean[] | null>(null);
  useEffect(() => {
    void verifyChain(jobId, log).then(setHeld);
  }, [jobId, log]);
  const isWhole = held?.every(Boolean) === true;
  return (
    <>
      <p class={held === null || isWhole ? 'notice good' : 'notice bad'} role="status">
        {held === null
          ? 'Checking the hashes…'
          : isWhole
            ? log.length === 1
              ? 'Its one step matches its hash: checked in this page.'
              : `All ${log.length} steps match their hashes, each chained to the one before: checked in this page.`
            : 'The log has been changed: a step does not match its hash.'}
      </p>
      <ol class="timeline">
        {log.map((entry, index) => (
          <li key={entry.hash} class={held?.[index] === false ? 'broken' : ''}>
            <strong>{entry.kind.replaceAll('_', ' ')}</strong> by {names(entry.by)}{' '}
            <Time at={entry.created_at} />
            <span class="soft">
              {' '}
              price <Money of={entry.proposed_price} />, bond <Money of={entry.seller_abort_penalty} />
              {entry.client_share !== undefined &&
                ` · client ${entry.client_share}, seller ${entry.seller_share}`}
            </span>
            {entry.message !== null && <blockquote>{entry.message}</blockquote>}
            {entry.counter_terms !== null && <Json of={entry.counter_terms} label="Terms" />}
            <code class="wrap soft">{entry.hash}</code>
          </li>
        ))}
      </ol>
    </>
  );
}
