import type { ComponentChildren, JSX } from 'preact';

interface FiguresProps {
  readonly figures: readonly (readonly [name: string, value: ComponentChildren])[];
  /** Beside each other and large, unless they are `terms`. */
  readonly look?: 'terms';
}

/** A few facts that matter, each with its name. */
export function Figures({ figures, look }: FiguresProps): JSX.Element {
  return (
    <dl class={look ?? 'figures'}>
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
