import type { Job, Listing } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from './api.ts';
import { CriteriaField, parseJson } from './criteria.tsx';
import { go } from './router.tsx';
import { Failure, Field, useAction } from './ui.tsx';

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
  const action = useAction();
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
      <form
        onSubmit={(event) => {
          event.preventDefault();
          action.run(send);
        }}
      >
        {listings.length > 0 && (
          <Field label="Listing">
            {(id) => (
              <select id={id} value={listingId} onChange={(event) => setListing(event.currentTarget.value)}>
                {listings.map((listing) => (
                  <option key={listing.listing_id} value={listing.listing_id}>
                    {listing.skill_id} from {listing.base_price}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
        <Field
          label="Price you offer (credits)"
          hint="Nothing is held until both agree and you fund the job."
        >
          {(id) => (
            <input
              id={id}
              inputMode="decimal"
              required
              value={budget}
              onInput={(event) => setBudget(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="What is to be done">
          {(id) => (
            <textarea id={id} rows={3} value={task} onInput={(event) => setTask(event.currentTarget.value)} />
          )}
        </Field>
        <CriteriaField value={criteria} onChange={setCriteria} />
        {action.error !== null && <Failure error={action.error} />}
        <button type="submit" class="main" disabled={action.isBusy}>
          Propose
        </button>
      </form>
    </details>
  );
}
