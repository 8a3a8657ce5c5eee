import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useAction } from './form.tsx';
import { money, type Split } from './money.ts';
import { Failure, Money } from './ui.tsx';

/** Who gets what, as a table and a bar. */
export function WhoGetsWhat({
  split,
  names,
}: {
  readonly split: Split;
  readonly names?: readonly [string, string];
}): JSX.Element {
  const [client, seller] = names ?? ['Client', 'Seller'];
  const rows = [
    [client, split.client, 'client'],
    [seller, split.seller, 'seller'],
    ['Platform fee', split.platform, 'platform'],
  ] as const;
  const all = Number(split.client + split.seller + split.platform) || 1;
  return (
    <div class="split">
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        {rows.map(([name, amount, kind], index) => {
          const before = rows.slice(0, index).reduce((sum, row) => sum + Number(row[1]), 0);
          return (
            <rect
              key={name}
              class={kind}
              x={(before / all) * 100}
              y="0"
              height="6"
              width={(Number(amount) / all) * 100}
            />
          );
        })}
      </svg>
      <dl>
        {rows.map(([name, amount, kind]) => (
          <div key={name}>
            <dt>
              <i class={kind} aria-hidden="true" /> {name}
            </dt>
            <dd>
              <Money of={money(amount)} />
            </dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

interface ConfirmProps {
  readonly title: string;
  readonly verb: string;
  readonly onClose: () => void;
  readonly onConfirm: () => Promise<unknown>;
  readonly children: ComponentChildren;
}

/** A question that moves money or cannot be undone: what it does stands in it, and nothing happens before the answer. */
export function Confirm({ title, verb, onClose, onConfirm, children }: ConfirmProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const action = useAction();
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={onClose}>
      <h2 id="confirm-title">{title}</h2>
      {children}
      {action.error !== null && <Failure error={action.error} />}
      <div class="actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Not now
        </button>
        <button
          type="button"
          class="main"
          disabled={action.isBusy}
          onClick={() =>
            action.run(async () => {
              await onConfirm();
              dialog.current?.close();
            })
          }
        >
          {verb}
        </button>
      </div>
    </dialog>
  );
}
