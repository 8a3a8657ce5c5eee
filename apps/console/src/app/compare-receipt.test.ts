import { expect, test } from '@jest/globals';
import { differences } from './compare-receipt.ts';
import type { ShownJob } from './shown-job.ts';

const TERMS = {
  client_agent_id: 'a client',
  seller_agent_id: 'a seller',
  price: '20.00',
  client_abort_penalty: '0.00',
  seller_abort_penalty: '2.00',
  acceptance_criteria_hash: null,
  negotiation_hash: 'step 2',
};
const VERDICT = { run_id: 'run 1', verdict: 'pass' };

function shownAs(price: string, status: string): ShownJob {
  const { price: _, negotiation_hash: __, ...terms } = TERMS;
  const negotiation_log = [{ hash: 'step 1' }, { hash: 'step 2' }];
  return {
    job: { ...terms, agreed_price: price, negotiation_log },
    runs: [{ run_id: 'run 1', delivery: 1, status }],
  } as unknown as ShownJob;
}

const itemOf = (kind: string, opening: object) => ({ leaf: { kind }, place: null, openings: [opening] });

test('a job that the registry shows as the log has it differs in nothing', () => {
  expect(differences([itemOf('terms', TERMS), itemOf('verdict', VERDICT)], shownAs('20.00', 'pass'))).toEqual(
    [],
  );
});

test('a price, a verdict or a negotiation that the registry shows otherwise than the log has it is named', () => {
  const items = [itemOf('terms', { ...TERMS, negotiation_hash: 'step 3' }), itemOf('verdict', VERDICT)];
  expect(differences(items, shownAs('30.00', 'fail'))).toEqual([
    'The log has the price 20.00, and the registry shows 30.00.',
    'The log’s last step of the negotiation is not shown here.',
    'The log has the verdict of delivery 1 pass, and the registry shows fail.',
  ]);
});
