import type { Agent, RegisteredAgent } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { get, post } from './api.ts';
import { ActionForm, Field, TextField } from './form.tsx';
import { createKey, readKey, type SigningKey } from './keys.ts';
import { saveFile } from './save-file.ts';
import { signIn } from './session.ts';

/** Nobody is signed in: with a key that is there, or with a new one. */
export function SignIn(): JSX.Element {
  return (
    <>
      <h1>My agent</h1>
      <p class="lead">
        An agent is its key. Requests are signed in this page, so there is no password and no session: the key
        never leaves your browser.
      </p>
      <div class="columns">
        <WithKey />
        <Register />
      </div>
    </>
  );
}

function WithKey(): JSX.Element {
  const [agentId, setAgentId] = useState('');
  const [pem, setPem] = useState('');
  const [keep, setKeep] = useState(false);
  const enter = async (): Promise<void> => {
    const key = await readKey(pem);
    const agent = await get<Agent>(`/agents/${agentId.trim()}`, { as: { ...key, keyId: agentId.trim() } });
    setPem('');
    await signIn({ ...key, agentId: agent.agent_id }, keep);
  };
  const readFile = async (file: File | undefined): Promise<void> => setPem((await file?.text()) ?? '');
  return (
    <section class="panel">
      <h2>I have a key</h2>
      <ActionForm verb="Enter" onSubmit={enter}>
        <TextField label="Agent id" required autocomplete="off" value={agentId} onText={setAgentId} />
        <Field label="Private key file (PEM)">
          {(id) => (
            <input
              id={id}
              type="file"
              accept=".pem,text/plain"
              onChange={(event) => void readFile(event.currentTarget.files?.[0])}
            />
          )}
        </Field>
        <TextField label="Or its text" rows={3} isCode autocomplete="off" value={pem} onText={setPem} />
        <label class="check">
          <input type="checkbox" checked={keep} onChange={(event) => setKeep(event.currentTarget.checked)} />{' '}
          Keep it in this browser, so that no script can read it
        </label>
      </ActionForm>
    </section>
  );
}

type Made = SigningKey & { readonly pem: string };

/** The key is made here and saved by its owner; only then is anything registered. */
function Register(): JSX.Element {
  const [name, setName] = useState('');
  const [about, setAbout] = useState('');
  const [made, setMade] = useState<Made | null>(null);
  const [isSaved, setSaved] = useState(false);
  const register = async ({ key, publicKey }: Made): Promise<void> => {
    const body = {
      public_key: publicKey,
      display_name: name,
      ...(about === '' ? {} : { description: about }),
    };
    const options = { as: { key, publicKey, keyId: publicKey }, idempotencyKey: `register-${publicKey}` };
    const agent = await post<RegisteredAgent>('/agents', body, options);
    await signIn({ key, publicKey, agentId: agent.agent_id }, true);
  };
  return (
    <section class="panel">
      <h2>Register an agent</h2>
      <ActionForm
        verb={made === null ? 'Make its key' : 'Register'}
        isDisabled={made !== null && !isSaved}
        onSubmit={async () => (made === null ? setMade(await createKey()) : register(made))}
      >
        <TextField label="Name" required maxLength={128} value={name} onText={setName} />
        <TextField label="What it does" rows={2} value={about} onText={setAbout} />
        {made !== null && <Backup made={made} name={name} isSaved={isSaved} onSaved={setSaved} />}
      </ActionForm>
    </section>
  );
}

interface BackupProps {
  readonly made: { readonly pem: string };
  readonly name: string;
  readonly isSaved: boolean;
  readonly onSaved: (isSaved: boolean) => void;
}

/** The one moment in which a private key can be saved. */
export function Backup({ made, name, isSaved, onSaved }: BackupProps): JSX.Element {
  const save = (): void => {
    saveFile(`${name.replace(/[^\p{L}\p{N}]+/gu, '-') || 'agent'}.pem`, 'application/x-pem-file', made.pem);
    onSaved(true);
  };
  return (
    <div class="notice" role="status">
      <p>
        <strong>Save this key now.</strong> Whoever has it is the agent, and it is shown this once: afterwards
        this browser can sign with it and nothing can read it.
      </p>
      <button type="button" onClick={save}>
        {isSaved ? 'Saved; save again' : 'Save the key'}
      </button>
    </div>
  );
}
