import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from './api.ts';
import { Confirm, WhoGetsWhat } from './confirm.tsx';
import { Counter, Deliver, Start } from './job-steps.tsx';
import { type Ending, money, type Stakes, splitOf } from './money.ts';
import { type ShownJob, stakesOf } from './shown-job.ts';
import { Money } from './ui.tsx';

interface ActionsProps {
  readonly shown: ShownJob;
  readonly agentId: string;
  readonly onDone: () => void;
}

type Question =
  | { readonly kind: 'accept' | 'fund' | 'cancel' | 'dispute' }
  | { readonly kind: 'end'; readonly ending: Ending };

const VERBS: Readonly<Record<Ending, string>> = {
  complete: 'Accept the work',
  fail: 'Refuse the work',
  client_abort: 'Leave the job',
  seller_abort: 'Leave the job',
};
const ROUTES: Readonly<Record<Ending, string>> = {
  complete: 'complete',
  fail: 'fail',
  client_abort: 'abort',
  seller_abort: 'abort',
};

/** What this party may do now. What moves money is asked once more, with who gets what. */
export function JobActions({ shown, agentId, onDone }: ActionsProps): JSX.Element | null {
  const { job } = shown;
  const [question, setQuestion] = useState<Question | null>(null);
  const isClient = job.client_agent_id === agentId;
  const mayJudge = isClient && job.status === 'delivered' && job.acceptance_criteria === null;
  const isOpen = job.status === 'funded' || job.status === 'in_progress';
  const isOffer = job.status === 'proposed' || job.status === 'negotiating';
  const lastBy = job.negotiation_log
    .filter(({ kind }) => kind === 'proposal' || kind === 'counter')
    .at(-1)?.by;
  const buttons: readonly (readonly [boolean, string, Question, boolean?])[] = [
    [isOffer && lastBy !== agentId, `Accept for ${job.agreed_price}`, { kind: 'accept' }, true],
    [job.status === 'agreed' && isClient, 'Fund', { kind: 'fund' }, true],
    [mayJudge, VERBS.complete, { kind: 'end', ending: 'complete' }, true],
    [mayJudge, VERBS.fail, { kind: 'end', ending: 'fail' }],
    [job.status === 'failed', 'Dispute', { kind: 'dispute' }],
    [isOpen, VERBS.client_abort, { kind: 'end', ending: isClient ? 'client_abort' : 'seller_abort' }],
    [isOffer || job.status === 'agreed', 'Cancel', { kind: 'cancel' }],
  ];
  const offered = buttons.filter(([isThere]) => isThere);
  return (
    <>
      {offered.length > 0 && (
        <fieldset class="actions">
          <legend>What you may do</legend>
          {offered.map(([, title, asked, isMain]) => (
            <button
              key={title}
              type="button"
              class={isMain === true ? 'main' : ''}
              onClick={() => setQuestion(asked)}
            >
              {title}
            </button>
          ))}
        </fieldset>
      )}
      {isOffer && <Counter job={job} onDone={onDone} />}
      {!isClient && job.status === 'funded' && <Start job={job} onDone={onDone} />}
      {!isClient && job.status === 'in_progress' && <Deliver job={job} onDone={onDone} />}
      {question !== null && (
        <Ask
          question={question}
          shown={shown}
          agentId={agentId}
          onClose={() => setQuestion(null)}
          onDone={onDone}
        />
      )}
    </>
  );
}

function Ask({
  question,
  shown,
  agentId,
  onClose,
  onDone,
}: ActionsProps & { readonly question: Question; readonly onClose: () => void }): JSX.Element {
  const { job } = shown;
  const isClient = job.client_agent_id === agentId;
  const stakes = stakesOf(shown);
  const send = async (route: string, body: unknown = {}): Promise<void> => {
    await post(`/jobs/${job.job_id}/${route}`, body);
    onDone();
  };
  switch (question.kind) {
    case 'accept':
      return (
        <Confirm
          title={`Accept for ${job.agreed_price}?`}
          verb="Accept"
          onClose={onClose}
          onConfirm={() =>
            send('accept', {
              current_round: job.current_round,
              ...(job.acceptance_criteria_hash === null || isClient
                ? {}
                : { acceptance_criteria_hash: job.acceptance_criteria_hash }),
            })
          }
        >
          <p>Both are bound by these terms from then on. No money is held before the client funds the job.</p>
          <IfAccepted stakes={stakes} />
        </Confirm>
      );
    case 'fund':
      return (
        <Confirm
          title="Fund the job?"
          verb={`Put ${job.agreed_price} into escrow`}
          onClose={onClose}
          onConfirm={() => send('fund')}
        >
          <p>
            <Money of={job.agreed_price} /> of yours and a bond of <Money of={job.seller_abort_penalty} /> of
            the seller’s are held until the job ends.
          </p>
          <IfAccepted stakes={stakes} />
        </Confirm>
      );
    case 'cancel':
      return (
        <Confirm
          title="Cancel the job?"
          verb="Cancel the job"
          onClose={onClose}
          onConfirm={() => send('cancel')}
        >
          <p>No money is held, and nobody pays anything.</p>
        </Confirm>
      );
    case 'dispute':
      return (
        <Confirm
          title="Put it before an operator?"
          verb="Dispute"
          onClose={onClose}
          onConfirm={() => send('dispute')}
        >
          <p>
            <Money of={money(stakes.price + stakes.bond)} /> stay held until an operator, or the two of you,
            decide who gets what. Both may show evidence.
          </p>
        </Confirm>
      );
    case 'end':
      return (
        <Confirm
          title={`${VERBS[question.ending]}?`}
          verb={VERBS[question.ending]}
          onClose={onClose}
          onConfirm={() => send(ROUTES[question.ending])}
        >
          <p>
            {question.ending === 'fail'
              ? 'Unless the seller disputes it within the window, this is paid then:'
              : 'This is paid at once, and cannot be undone:'}
          </p>
          <WhoGetsWhat split={splitOf(question.ending, stakes)} />
        </Confirm>
      );
  }
}

function IfAccepted({ stakes }: { readonly stakes: Stakes }): JSX.Element {
  return (
    <>
      <p>If the work is accepted:</p>
      <WhoGetsWhat split={splitOf('complete', stakes)} />
    </>
  );
}
