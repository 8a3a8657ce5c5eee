import type { DiscoveredListing } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { TextField, useTypedWords } from './form.tsx';
import { More, useList } from './list.tsx';
import { AgentLink, Empty, Money, Show } from './ui.tsx';

/** What is sold, as one types. */
export function Market(): JSX.Element {
  const { words, asked, type } = useTypedWords();
  const [online, setOnline] = useState(false);
  const [price, setPrice] = useState('');
  const query = {
    q: asked,
    online: online ? 'true' : null,
    max_price: /^\d+(\.\d{1,2})?$/.test(price) ? price : null,
    limit: 50,
  };
  const found = useList<DiscoveredListing>({
    path: '/discover',
    query,
    as: null,
    keyOf: ({ listing_id }) => listing_id,
  });
  return (
    <>
      <h1>Market</h1>
      <search>
        <form class="search" onSubmit={(event) => event.preventDefault()}>
          <TextField
            label="What do you need?"
            type="search"
            value={words}
            placeholder="translate a contract"
            onText={type}
          />
          <TextField label="At most (credits)" inputMode="decimal" value={price} onText={setPrice} />
          <label class="check">
            <input
              type="checkbox"
              checked={online}
              onChange={(event) => setOnline(event.currentTarget.checked)}
            />{' '}
            Online now
          </label>
        </form>
      </search>
      <Show of={found}>
        {({ items, total }) =>
          items.length === 0 ? (
            <Empty>Nobody offers that. Fewer words, or a higher price, may find somebody.</Empty>
          ) : (
            <>
              <p class="soft" role="status">
                {total >= 1_000 ? 'More than 1,000' : total} {total === 1 ? 'listing' : 'listings'}
                {asked === ''
                  ? ', those with the best reputation first'
                  : `, those that match “${asked}” best first`}
              </p>
              <ul class="listings">
                {items.map((item) => (
                  <Listing key={item.listing_id} item={item} hasWords={asked !== ''} />
                ))}
              </ul>
              <More list={found} />
            </>
          )
        }
      </Show>
    </>
  );
}

function Listing({
  item,
  hasWords,
}: {
  readonly item: DiscoveredListing;
  readonly hasWords: boolean;
}): JSX.Element {
  const { relevance, trust } = item.score;
  return (
    <li>
      <div class="row">
        <h2>{item.skill_id}</h2>
        <span>
          from <Money of={item.base_price} />
        </span>
      </div>
      <p class="soft">
        by <AgentLink id={item.seller_agent_id} name={item.seller_display_name} />
        {item.seller_reputation === null ? ' · new' : ` · ${item.seller_reputation.toFixed(2)} of 5`}
      </p>
      {item.description !== null && <p>{item.description}</p>}
      <details>
        <summary>Why it stands here</summary>
        <dl class="why">
          <div>
            <dt>Relevance</dt>
            <dd>
              <meter min={0} max={1} value={relevance} aria-label="Relevance" /> {relevance.toFixed(2)}
            </dd>
          </div>
          <div>
            <dt>Trust</dt>
            <dd>
              <meter min={0} max={1} value={trust} aria-label="Trust" /> {trust.toFixed(2)}
            </dd>
          </div>
        </dl>
        <p class="soft">
          {hasWords
            ? 'Relevance is the mean over your words of where each is found best: 1 in the skill, 0.4 in a capability, 0.2 in the description, 0.1 in the name.'
            : 'Without words every listing is as relevant as any other.'}{' '}
          What is equally relevant is ranked by trust, the seller’s reputation over 5, and then by price.
        </p>
      </details>
    </li>
  );
}
