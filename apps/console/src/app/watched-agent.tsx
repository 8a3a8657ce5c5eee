import type { JSX } from 'preact';
import { Link } from './router.tsx';
import { short } from './ui.tsx';

/** An agent by the end of its id, leading to what operators see of it. */
export function WatchedAgent({ id, name }: { readonly id: string; readonly name?: string }): JSX.Element {
  return (
    <Link to={`/operator/agents/${id}`} class={name === undefined ? 'id' : ''}>
      {name ?? short(id)}
    </Link>
  );
}
