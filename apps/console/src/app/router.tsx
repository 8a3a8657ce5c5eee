import type { ComponentChildren, JSX } from 'preact';
import { useSyncExternalStore } from 'preact/compat';

const BASE = '/console';
const listeners = new Set<() => void>();

const here = (): string => location.pathname.slice(BASE.length).replace(/\/$/, '') || '/';

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

/** The page's path beneath /console. */
export const usePath = (): string => useSyncExternalStore(subscribe, here);

export function go(path: string): void {
  history.pushState(null, '', BASE + (path === '/' ? '' : path));
  for (const listener of listeners) listener();
  scrollTo(0, 0);
  // Scrolling to it as well would put its beginning under the header.
  document.querySelector('main')?.focus({ preventScroll: true });
}

interface LinkProps {
  readonly to: string;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly current?: boolean;
}

/** A link within the console: it can be opened elsewhere like any other. */
export function Link({ to, children, class: className, current }: LinkProps): JSX.Element {
  const onClick = (event: MouseEvent): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a
      href={BASE + (to === '/' ? '' : to)}
      class={className}
      aria-current={current === true ? 'page' : undefined}
      onClick={onClick}
    >
      {children}
    </a>
  );
}
