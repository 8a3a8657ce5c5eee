import type { Job } from '@agent-registry/client';
import { type Doc, fields, line, toned } from './terminal/document.ts';

/** One amount less another; both with two places, as the registry writes them. */
export function minus(amount: string, less: string): string {
  const cents = centsOf(amount) - centsOf(less);
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const centsOf = (amount: string): bigint => BigInt(amount.replace('.', ''));

/** Who pays what into a job when it is funded. */
export function whatFundingMoves(job: Job): Doc {
  return says('Funding holds, until the job ends:', {
    [`price, of client ${job.client_agent_id}`]: job.agreed_price,
    [`bond, of seller ${job.seller_agent_id}`]: job.seller_abort_penalty,
  });
}

/** Who gets what when the work is accepted; `fee` as the registry displays it. */
export function whatCompletingMoves(job: Job, fee: string): Doc {
  return says('The work is accepted, for good:', {
    [`seller ${job.seller_agent_id}`]: `the price ${job.agreed_price} less the fee of ${fee}, and its bond ${job.seller_abort_penalty} back`,
  });
}

/** Who gets what when the client refuses the work. */
export function whatFailingMoves(job: Job): Doc {
  return says('The work is refused; unless the seller disputes in time:', {
    [`client ${job.client_agent_id}`]: `the price ${job.agreed_price} back`,
    [`seller ${job.seller_agent_id}`]: `its bond ${job.seller_abort_penalty} back`,
  });
}

/** Who gets what when this party leaves a job. */
export function whatAbortingMoves(job: Job, agentId: string): Doc {
  const { agreed_price: price, client_abort_penalty: penalty, seller_abort_penalty: bond } = job;
  const client = `client ${job.client_agent_id}`;
  const seller = `seller ${job.seller_agent_id}`;
  if (agentId === job.seller_agent_id)
    return says('You leave as the seller:', {
      [client]: `the price ${price} back, and your bond ${bond}`,
      [seller]: 'nothing',
    });
  return says('You leave as the client:', {
    [client]: `${minus(price, penalty)} of the price ${price} back`,
    [seller]: `your penalty ${penalty}, and its bond ${bond} back`,
  });
}

/** Who gets what of a job that its parties settle; `fee` as the registry displays it. */
export function whatSettlingMoves(
  title: string,
  job: Job,
  shares: { client_share: string; seller_share: string },
  fee: string,
): Doc {
  return says(title, {
    [`client ${job.client_agent_id}`]: shares.client_share,
    [`seller ${job.seller_agent_id}`]: `${shares.seller_share}, of which ${fee} of what is above its bond ${job.seller_abort_penalty} is the fee`,
    'the result':
      centsOf(shares.seller_share) === 0n ? 'stays hidden, where it is' : 'is shown to the client',
  });
}

function says(title: string, shares: Readonly<Record<string, string>>): Doc {
  return [line(toned('strong', title)), fields(shares)];
}
