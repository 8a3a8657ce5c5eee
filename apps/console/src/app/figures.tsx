import type { ComponentChildren, JSX } from 'preact';

/** A few numbers that matter, large. */
export function Figures({
  figures,
}: {
  readonly figures: readonly (readonly [name: string, value: ComponentChildren])[];
}): JSX.Element {
  return (
    <dl class="figures">
      {figures.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
