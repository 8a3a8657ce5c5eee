import type { CriteriaCheck } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, post } from './api.ts';
import { ActionForm, TextField } from './form.tsx';
import { Table } from './table.tsx';

const EXAMPLE = JSON.stringify(
  {
    version: '1.0',
    pass_threshold: 'all',
    tests: [{ test_id: 'long-enough', type: 'assertion', params: { expression: 'size(output.text) > 40' } }],
  },
  null,
  2,
);
const WAIT_SECONDS = 20;
const LOOKS = 6;

/** @throws Error that says what is wrong with the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`That is no JSON: ${(cause as Error).message}`, { cause });
  }
}

interface CriteriaFieldProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
}

/** Acceptance criteria, which decide in the client's place. */
export function CriteriaField({ value, onChange }: CriteriaFieldProps): JSX.Element {
  return (
    <>
      <TextField
        label="Acceptance criteria (JSON)"
        hint="Without any, you judge the work yourself. They never change after the proposal: check them first."
        rows={8}
        isCode
        value={value}
        onText={onChange}
      />
      <p class="actions">
        <button type="button" onClick={() => onChange(EXAMPLE)}>
          Begin with an example
        </button>
        <a href="/docs/criteria">Cookbook</a>
      </p>
    </>
  );
}

/** Tries criteria on two samples, as the registry would judge them. */
export function CheckCriteria(): JSX.Element {
  const [criteria, setCriteria] = useState(EXAMPLE);
  const [good, setGood] = useState('{ "text": "A text that is long enough to be taken for an answer." }');
  const [bad, setBad] = useState('{ "text": "Too short." }');
  const [check, setCheck] = useState<CriteriaCheck | null>(null);
  const run = async (): Promise<void> => {
    setCheck(null);
    const samples = [
      { name: 'good', result: parseJson(good), expect: 'pass' },
      { name: 'bad', result: parseJson(bad), expect: 'fail' },
    ];
    const body = { acceptance_criteria: parseJson(criteria), samples, repeats: 2 };
    let answer = await post<CriteriaCheck>('/criteria/check', body, { waitSeconds: WAIT_SECONDS });
    for (
      let look = 0;
      look < LOOKS && answer.status !== 'finished' && answer.status !== 'unavailable';
      look += 1
    )
      answer = await get<CriteriaCheck>(`/criteria/checks/${answer.check_id}`, { waitSeconds: WAIT_SECONDS });
    setCheck(answer);
  };
  return (
    <>
      <ActionForm verb="Check" onSubmit={run}>
        <CriteriaField value={criteria} onChange={setCriteria} />
        <TextField label="Work that must pass (JSON)" rows={3} isCode value={good} onText={setGood} />
        <TextField label="Work that must fail (JSON)" rows={3} isCode value={bad} onText={setBad} />
      </ActionForm>
      {check !== null && <Findings check={check} />}
    </>
  );
}

function Findings({ check }: { readonly check: CriteriaCheck }): JSX.Element {
  if (check.status !== 'finished')
    return (
      <p class="notice">
        The check is {check.status}. {check.reason ?? 'It may be read again later.'}
      </p>
    );
  const isRight = check.samples.every(({ as_expected }) => as_expected);
  return (
    <section aria-live="polite">
      <p class={!isRight ? 'notice bad' : check.forgeable === true ? 'notice' : 'notice good'}>
        {isRight
          ? 'The criteria judge both samples as you expect.'
          : 'The criteria do not judge as you expect.'}{' '}
        {check.forgeable === true && 'They can be passed without the work: see the cheats.'}
      </p>
      <Table
        caption="What became of each sample"
        rows={check.samples}
        keyOf={(row) => row.name}
        columns={[
          ['Sample', (row) => row.name],
          ['Expected', (row) => row.expect],
          ['As expected', (row) => (row.as_expected ? 'yes' : 'no')],
          ['Verdict', (row) => row.report?.summary ?? row.repeats[0]?.verdict ?? '–'],
        ]}
      />
      {check.cheats.some(({ passed }) => passed) && (
        <ul>
          {check.cheats
            .filter(({ passed }) => passed)
            .map(({ name }) => (
              <li key={name}>Passed by a cheat: {name}</li>
            ))}
        </ul>
      )}
    </section>
  );
}
