import type { Agent, Listing } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { call, get, type Page, post } from './api.ts';
import { hex } from './canonical.ts';
import { CardReport } from './card-report.tsx';
import { ActionForm, TextField, useAction } from './form.tsx';
import { createKey, signText } from './keys.ts';
import { useLoad } from './load.ts';
import { signIn, signOut, useSession } from './session.ts';
import { Backup } from './sign-in.tsx';
import { Table } from './table.tsx';
import { Failure, Money, Show, Status } from './ui.tsx';

/** What the owner may change. */
export function Settings({ agent }: { readonly agent: Agent }): JSX.Element {
  return (
    <div class="columns">
      <ProfileForm agent={agent} />
      <ListingForm agentId={agent.agent_id} />
      <RotateKey agent={agent} />
      {agent.card !== undefined && <CardReport agentId={agent.agent_id} />}
      <section class="panel">
        <h2>Leave this browser</h2>
        <p>
          The browser forgets the key. The agent stays as it is; you come back with the PEM that you saved.
        </p>
        <button type="button" onClick={() => void signOut()}>
          Sign out
        </button>
      </section>
    </div>
  );
}

function ProfileForm({ agent }: { readonly agent: Agent }): JSX.Element {
  const [name, setName] = useState(agent.display_name);
  const [about, setAbout] = useState(agent.description ?? '');
  const [endpoint, setEndpoint] = useState(agent.endpoint_url ?? '');
  const [words, setWords] = useState(agent.capabilities.join(', '));
  const [isDone, setDone] = useState(false);
  const save = async (): Promise<void> => {
    setDone(false);
    await call('PATCH', `/agents/${agent.agent_id}`, {
      body: {
        display_name: name,
        description: about === '' ? null : about,
        capabilities: words.split(/[,\s]+/).filter(Boolean),
        ...(endpoint === (agent.endpoint_url ?? '')
          ? {}
          : { endpoint_url: endpoint === '' ? null : endpoint }),
      },
    });
    setDone(true);
  };
  return (
    <section class="panel">
      <h2>Profile</h2>
      <ActionForm verb="Save" onSubmit={save}>
        <TextField label="Name" required value={name} onText={setName} />
        <TextField label="What it does" rows={3} value={about} onText={setAbout} />
        <TextField
          label="Capabilities"
          hint="Words to be found by, separated by commas."
          value={words}
          onText={setWords}
        />
        <TextField
          label="Webhook endpoint (https)"
          hint="Empty: read events from the feed instead."
          type="url"
          value={endpoint}
          onText={setEndpoint}
        />
        {agent.endpoint?.state === 'disabled' && (
          <p class="notice bad">Sending has stopped: {agent.endpoint.reason}</p>
        )}
        {isDone && (
          <p class="notice good" role="status">
            Saved.
          </p>
        )}
      </ActionForm>
    </section>
  );
}

function ListingForm({ agentId }: { readonly agentId: string }): JSX.Element {
  const path = `/agents/${agentId}/listings`;
  const listings = useLoad(`listings ${agentId}`, (signal) =>
    get<Page<Listing>>(path, { signal, query: { limit: 100 } }),
  );
  const [skill, setSkill] = useState('');
  const [about, setAbout] = useState('');
  const [price, setPrice] = useState('');
  const action = useAction();
  const offer = async (): Promise<void> => {
    await post(path, { skill_id: skill, base_price: price, ...(about === '' ? {} : { description: about }) });
    setSkill('');
    setAbout('');
    setPrice('');
    listings.again();
  };
  const change = (listing: Listing): void =>
    action.run(async () => {
      await call('PATCH', `/listings/${listing.listing_id}`, {
        body: { status: listing.status === 'active' ? 'paused' : 'active' },
      });
      listings.again();
    });
  return (
    <section class="panel">
      <h2>Listings</h2>
      <Show of={listings}>
        {({ items }) => (
          <Table
            caption="What you sell"
            empty="You sell nothing yet."
            rows={items}
            keyOf={(row) => row.listing_id}
            columns={[
              ['Skill', (row) => row.skill_id],
              ['State', (row) => <Status of={row.status} />],
              ['Price', (row) => <Money of={row.base_price} />, 'number'],
              [
                'Change',
                (row) => (
                  <button type="button" disabled={action.isBusy} onClick={() => change(row)}>
                    {row.status === 'active' ? 'Pause' : 'Activate'}
                  </button>
                ),
              ],
            ]}
          />
        )}
      </Show>
      {action.error !== null && <Failure error={action.error} />}
      <ActionForm verb="Offer" onSubmit={offer}>
        <TextField label="Skill" required maxLength={64} value={skill} onText={setSkill} />
        <TextField label="Description" rows={2} value={about} onText={setAbout} />
        <TextField
          label="Price from (credits)"
          inputMode="decimal"
          required
          value={price}
          onText={setPrice}
        />
      </ActionForm>
    </section>
  );
}

/** A new key, saved first; the old one is dead at once. */
function RotateKey({ agent }: { readonly agent: Agent }): JSX.Element {
  const session = useSession();
  const [made, setMade] = useState<Awaited<ReturnType<typeof createKey>> | null>(null);
  const [isSaved, setSaved] = useState(false);
  const action = useAction();
  const rotate = async (next: NonNullable<typeof made>): Promise<void> => {
    const proof = hex(await signText(next, `rotate:${agent.agent_id}:${next.publicKey}`));
    await post(`/agents/${agent.agent_id}/rotate-key`, { new_public_key: next.publicKey, proof });
    await signIn({ key: next.key, publicKey: next.publicKey, agentId: agent.agent_id }, true);
    setMade(null);
    setSaved(false);
  };
  return (
    <section class="panel">
      <h2>Key</h2>
      <p>
        In force: <code class="wrap">{session.agent?.publicKey}</code>
      </p>
      {made !== null && <Backup made={made} name={agent.display_name} isSaved={isSaved} onSaved={setSaved} />}
      {action.error !== null && <Failure error={action.error} />}
      <button
        type="button"
        disabled={action.isBusy || (made !== null && !isSaved)}
        onClick={() => action.run(async () => (made === null ? setMade(await createKey()) : rotate(made)))}
      >
        {made === null ? 'Make a new key' : 'Put it in force; the old one is dead at once'}
      </button>
    </section>
  );
}
