import type { ComponentChildren, JSX } from 'preact';
import { Refusal } from './api.ts';
import type { Loaded } from './load.ts';
import { grouped } from './money.ts';
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
    refusal === null
      ? 'The registry does not answer'
      : refusal.code === 'stale_timestamp'
        ? 'The clock of this device is off'
        : (TITLES[refusal.status] ?? 'That was refused');
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
  404: 'Not found',
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
