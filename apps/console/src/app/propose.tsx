import type { Job, Listing } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from './api.ts';
import { CriteriaField, parseJson } from './criteria.tsx';
import { ActionForm, SelectField, TextField } from './form.tsx';
import { go } from './router.tsx';

/** A client proposes a job to a seller. */
export function Propose({
  sellerId,
  listings,
}: {
  readonly sellerId: string;
  readonly listings: readonly Listing[];
}): JSX.Element {
  const [listingId, setListing] = useState(listings[0]?.listing_id ?? '');
  const [budget, setBudget] = useState(listings[0]?.base_price ?? '');
  const [task, setTask] = useState('');
  const [criteria, setCriteria] = useState('');
  const send = async (): Promise<void> => {
    const job = await post<Job>('/jobs', {
      seller_agent_id: sellerId,
      max_budget: budget,
      ...(listingId === '' ? {} : { listing_id: listingId }),
      ...(task === '' ? {} : { requirements: { task } }),
      ...(criteria.trim() === '' ? {} : { acceptance_criteria: parseJson(criteria) }),
    });
    go(`/jobs/${job.job_id}`);
  };
  return (
    <details class="panel">
      <summary>Propose a job</summary>
      <ActionForm verb="Propose" onSubmit={send}>
        {listings.length > 0 && (
          <SelectField
            label="Listing"
            value={listingId}
            onValue={setListing}
            options={listings.map(({ listing_id, skill_id, base_price }) => [
              listing_id,
              `${skill_id} from ${base_price}`,
            ])}
          />
        )}
        <TextField
          label="Price you offer (credits)"
          hint="Nothing is held until both agree and you fund the job."
          inputMode="decimal"
          required
          value={budget}
          onText={setBudget}
        />
        <TextField label="What is to be done" rows={3} value={task} onText={setTask} />
        <CriteriaField value={criteria} onChange={setCriteria} />
      </ActionForm>
    </details>
  );
}
