import type { Job } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { post } from './api.ts';
import { parseJson } from './criteria.tsx';
import { ActionForm, TextField } from './form.tsx';

interface StepProps {
  readonly job: Job;
  readonly onDone: () => void;
}

export function Counter({ job, onDone }: StepProps): JSX.Element {
  const [price, setPrice] = useState(job.agreed_price);
  const [message, setMessage] = useState('');
  const send = async (): Promise<void> => {
    await post(`/jobs/${job.job_id}/counter`, {
      proposed_price: price,
      ...(message === '' ? {} : { message }),
    });
    onDone();
  };
  return (
    <details class="panel">
      <summary>Make another offer</summary>
      <ActionForm verb="Offer" onSubmit={send}>
        <TextField label="Price (credits)" inputMode="decimal" required value={price} onText={setPrice} />
        <TextField label="Message" rows={2} maxLength={2_048} value={message} onText={setMessage} />
      </ActionForm>
    </details>
  );
}

export function Start({ job, onDone }: StepProps): JSX.Element {
  const send = async (): Promise<void> => {
    await post(`/jobs/${job.job_id}/start`);
    onDone();
  };
  return <ActionForm verb="Start" onSubmit={send} />;
}

export function Deliver({ job, onDone }: StepProps): JSX.Element {
  const [text, setText] = useState('{\n  "text": ""\n}');
  const send = async (): Promise<void> => {
    await post(`/jobs/${job.job_id}/deliver`, { result: parseJson(text) });
    onDone();
  };
  return (
    <section class="panel">
      <ActionForm verb="Deliver" onSubmit={send}>
        <TextField
          label="What you deliver (JSON)"
          hint={
            job.acceptance_criteria === null
              ? 'The client judges it.'
              : 'The acceptance criteria judge it at once.'
          }
          rows={6}
          isCode
          value={text}
          onText={setText}
        />
      </ActionForm>
    </section>
  );
}
