import type { JobReceipt } from '@agent-registry/client';
import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import { get } from './api.ts';
import { differences } from './compare-receipt.ts';
import { useLoad } from './load.ts';
import { keepLog, type TrustedLog, trustedLog } from './log-keys.ts';
import { type CheckedItem, provenKeys, verifyReceipt } from './receipt.ts';
import { saveFile } from './save-file.ts';
import type { ShownJob } from './shown-job.ts';
import { Empty, Json, Show, Time } from './ui.tsx';

/** While an entry is not published. */
const LOOK_AGAIN_MS = 5_000;

interface Checked {
  readonly receipt: JobReceipt;
  readonly log: TrustedLog;
  /** What does not hold, in words; nothing where all does. */
  readonly faults: readonly string[];
  readonly items: readonly CheckedItem[];
}

async function check(shown: ShownJob, signal: AbortSignal): Promise<Checked> {
  const receipt = await get<JobReceipt>(`/jobs/${shown.job.job_id}/receipt`, { signal });
  const log = trustedLog(receipt.log);
  if (receipt.items.length === 0) return { receipt, log, faults: [], items: [] };
  try {
    const items = await verifyReceipt(receipt, log);
    // The log's keys are rotated by signing with the old and the new for a while: who saw both signatures believes the new one.
    const vkeys = await provenKeys(receipt, { ...log, vkeys: receipt.log.vkeys });
    if (vkeys.length > 0) keepLog({ ...log, vkeys });
    return { receipt, log, faults: differences(items, shown), items };
  } catch (error) {
    return { receipt, log, faults: [(error as Error).message], items: [] };
  }
}

/** What can be proved of the job to anybody, checked in this page. */
export function ReceiptView({ shown }: { readonly shown: ShownJob }): JSX.Element {
  const { job } = shown;
  const found = useLoad(`receipt ${job.job_id} ${job.updated_at}`, (signal) => check(shown, signal));
  return (
    <section>
      <h2>Receipt</h2>
      <p class="soft">
        What is decided about a job goes into a public log that the registry cannot change afterwards. The
        receipt proves to anybody what stands there. <a href="/docs/checking">What you can check, and how</a>
      </p>
      <Show of={found}>
        {(checked) =>
          checked.receipt.items.length === 0 ? (
            <Empty>Nothing is decided yet: the first entry is written when both agree.</Empty>
          ) : (
            <Findings checked={checked} again={found.again} />
          )
        }
      </Show>
    </section>
  );
}

function Findings({
  checked,
  again,
}: {
  readonly checked: Checked;
  readonly again: () => void;
}): JSX.Element {
  const { receipt, log, faults, items } = checked;
  useEffect(() => {
    if (!receipt.pending) return undefined;
    const timer = setTimeout(again, LOOK_AGAIN_MS);
    return () => clearTimeout(timer);
  }, [checked]);
  const isOther = !receipt.log.vkeys.some((vkey) => log.vkeys.includes(vkey));
  const believe = (): void => {
    keepLog({ ...receipt.log, since: new Date().toISOString() });
    again();
  };
  const save = (): void =>
    saveFile(`receipt-${receipt.job_id}.json`, 'application/json', JSON.stringify(receipt, null, 2));
  return (
    <>
      {faults.length === 0 ? (
        <Holds checked={checked} />
      ) : (
        <div class="notice bad" role="alert">
          <p>
            <strong>The receipt does not hold.</strong>{' '}
            {isOther
              ? 'The log is signed by another key than the one this browser knows. Unless the operator has announced a new log, do not believe it.'
              : 'Keep it: it is evidence against the registry.'}
          </p>
          <ul>
            {faults.map((fault) => (
              <li key={fault}>{fault}</li>
            ))}
          </ul>
          {isOther && (
            <button type="button" onClick={believe}>
              Believe the new key
            </button>
          )}
        </div>
      )}
      <ol class="timeline">
        {items.map(({ leaf, place, openings }) => (
          <li key={String(leaf.id)}>
            <strong>{KINDS[String(leaf.kind)] ?? String(leaf.kind)}</strong> <Time at={String(leaf.time)} />{' '}
            <span class="soft">
              {place === null ? 'not published yet' : `entry ${place.index} of ${place.size} in the log`}
            </span>
            <Json of={openings.length === 0 ? leaf : openings} label="What it says" />
          </li>
        ))}
      </ol>
      <p class="actions">
        <button type="button" onClick={save}>
          Save the receipt
        </button>
      </p>
    </>
  );
}

const KINDS: Readonly<Record<string, string>> = {
  terms: 'What you agreed on',
  escrow_held: 'That the money was held',
  verdict: 'A verdict',
  settlement: 'Who was paid what',
  review: 'A review',
  recall: 'A verdict that was recalled',
};

function Holds({ checked: { log, items } }: { readonly checked: Checked }): JSX.Element {
  const waiting = items.filter(({ place }) => place === null).length;
  return (
    <div class={waiting === 0 ? 'notice good' : 'notice'} role="status">
      <p>
        <strong>
          {waiting === 0
            ? items.length === 1
              ? 'The receipt holds: its one entry is in the log.'
              : `The receipt holds: all ${items.length} entries are in the log.`
            : `${waiting} of ${items.length} entries are not published yet: that takes two minutes at most.`}
        </strong>{' '}
        Checked in this page:
      </p>
      <ul>
        {waiting < items.length && (
          <li>
            each is at its place in the log <code>{log.origin}</code>, signed by the key that this browser has
            known since <Time at={log.since} />
          </li>
        )}
        <li>each commits to what is shown of it, and is about this job</li>
        <li>the terms and the verdicts in it are those that this page shows</li>
      </ul>
    </div>
  );
}
