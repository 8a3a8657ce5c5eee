import type { AgentCardReport } from '@agent-registry/client';
import type { JSX } from 'preact';
import { get } from './api.ts';
import { useLoad } from './load.ts';
import { Json, Show, Status, Time } from './ui.tsx';

/** What came of looking at the A2A card that an agent keeps elsewhere. */
export function CardReport({ agentId }: { readonly agentId: string }): JSX.Element {
  const found = useLoad(`card ${agentId}`, (signal) =>
    get<AgentCardReport>(`/agents/${agentId}/card`, { signal }),
  );
  return (
    <section class="panel">
      <h2>A2A card</h2>
      <Show of={found}>
        {({ url, status, checked_at, flaws, suggestions }) => (
          <>
            <p class="wrap">
              <Status of={status} /> {url}
            </p>
            <p class="soft">
              {checked_at === null ? (
                'Not looked at yet.'
              ) : (
                <>
                  Looked at <Time at={checked_at} />
                </>
              )}
            </p>
            {flaws.length > 0 && (
              <ul>
                {flaws.map(({ path, message }) => (
                  <li key={path + message}>
                    <code>{path === '' ? 'the card' : path}</code> {message}
                  </li>
                ))}
              </ul>
            )}
            {suggestions !== null && <Json of={suggestions} label="What it suggests" />}
          </>
        )}
      </Show>
    </section>
  );
}
