import type { JSX } from 'preact';
import { Link } from './router.tsx';

interface TabsProps {
  readonly label: string;
  /** Where they are; each tab's name follows, and the first has none. */
  readonly base: string;
  readonly tabs: readonly (readonly [name: string, title: string])[];
  readonly current: string;
}

/** Pages that lie beside each other. */
export function Tabs({ label, base, tabs, current }: TabsProps): JSX.Element {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(([name, title]) => (
        <Link key={name} to={name === '' ? base : `${base}/${name}`} current={name === current}>
          {title}
        </Link>
      ))}
    </nav>
  );
}
