import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Refusal } from './api.ts';
import type { Loaded } from './load.ts';
import { grouped, money, type Split } from './money.ts';
import { Link } from './router.tsx';

export const short = (id: string): string => id.slice(-8);

export function Money({ of }: { readonly of: string }): JSX.Element {
  return <span class={of.startsWith('-') ? 'money minus' : 'money'}>{grouped(of)}</span>;
}

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

export function Time({ at }: { readonly at: string | null }): JSX.Element {
  if (at === null) return <span class="soft">–</span>;
  return (
    <time dateTime={at} title={at}>
      {WHEN.format(new Date(at))}
    </time>
  );
}

export function Status({ of }: { readonly of: string }): JSX.Element {
  return <span class={`status s-${of}`}>{of.replace('_', ' ')}</span>;
}

export function JobLink({ id }: { readonly id: string }): JSX.Element {
  return (
    <Link to={`/jobs/${id}`} class="id">
      {short(id)}
    </Link>
  );
}

export function AgentLink({ id, name }: { readonly id: string; readonly name?: string }): JSX.Element {
  return (
    <Link to={`/agents/${id}`} class={name === undefined ? 'id' : ''}>
      {name ?? short(id)}
    </Link>
  );
}

/** What a refusal says, with the fields at fault. */
export function Failure({
  error,
  again,
}: {
  readonly error: unknown;
  readonly again?: () => void;
}): JSX.Element {
  const refusal = error instanceof Refusal ? error : null;
  const title =
    refusal === null ? 'The registry does not answer' : (TITLES[refusal.status] ?? 'That was refused');
  return (
    <div class="notice bad" role="alert">
      <p>
        <strong>{title}.</strong>{' '}
        {refusal?.message ?? 'Nothing was changed. Look whether it runs, and try again.'}
      </p>
      {refusal !== null && refusal.errors.length > 0 && (
        <ul>
          {refusal.errors.map(({ path, message }) => (
            <li key={path + message}>
              <code>{path}</code> {message}
            </li>
          ))}
        </ul>
      )}
      {again !== undefined && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

const TITLES: Readonly<Record<number, string>> = {
  401: 'Your key was not taken',
  403: 'This is not yours to see',
  404: 'There is nothing here for you',
  409: 'Things have changed meanwhile',
  422: 'Something in it is not right',
  429: 'Too many requests at once',
};

interface ShowProps<T> {
  readonly of: Loaded<T> & { readonly again: () => void };
  readonly children: (value: T) => ComponentChildren;
}

/** What was read, or that it is being read, or why it could not be. */
export function Show<T>({ of, children }: ShowProps<T>): JSX.Element {
  if (of.state === 'failed') return <Failure error={of.error} again={of.again} />;
  if (of.value === null)
    return (
      <p class="loading" role="status">
        Reading…
      </p>
    );
  return <>{children(of.value)}</>;
}

export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

interface TableProps<T> {
  readonly caption: string;
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly columns: readonly (readonly [
    title: string,
    cell: (row: T) => ComponentChildren,
    kind?: 'number',
  ])[];
}

/** A table that becomes a list of cards where there is no room for its columns. */
export function Table<T>({ caption, rows, keyOf, columns }: TableProps<T>): JSX.Element {
  return (
    <table class="cards">
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(([title, , kind]) => (
            <th key={title} scope="col" class={kind}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(([title, cell, kind]) => (
              <td key={title} class={kind} data-title={title}>
                {cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** JSON that others wrote, as text. */
export function Json({ of, label }: { readonly of: unknown; readonly label: string }): JSX.Element {
  const text = JSON.stringify(of, null, 2);
  return (
    <details>
      <summary>{label}</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>{text}</pre>
    </details>
  );
}

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly children: (id: string) => ComponentChildren;
}

export function Field({ label, hint, children }: FieldProps): JSX.Element {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children(id)}
      {hint !== undefined && <small>{hint}</small>}
    </div>
  );
}

/** Runs something that may be refused; while it does, nothing is asked twice. */
export function useAction(): {
  readonly isBusy: boolean;
  readonly error: unknown;
  readonly run: (work: () => Promise<unknown>) => void;
} {
  const [state, setState] = useState<{ isBusy: boolean; error: unknown }>({ isBusy: false, error: null });
  return {
    ...state,
    run: (work) => {
      if (state.isBusy) return;
      setState({ isBusy: true, error: null });
      work().then(
        () => setState({ isBusy: false, error: null }),
        (error: unknown) => setState({ isBusy: false, error }),
      );
    },
  };
}

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
