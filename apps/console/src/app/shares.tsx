import type { JSX } from 'preact';
import { WhoGetsWhat } from './confirm.tsx';
import { Field } from './form.tsx';
import { money, type Stakes, splitByShare } from './money.ts';

interface ShareProps {
  readonly stakes: Stakes;
  /** Cents that the seller gets, the fee included. */
  readonly sellerShare: bigint;
  readonly onChange: (cents: bigint) => void;
}

/** A slider over all that is held, and what each gets by it. */
export function ShareSlider({ stakes, sellerShare, onChange }: ShareProps): JSX.Element {
  const held = stakes.price + stakes.bond;
  return (
    <>
      <Field label="For the seller" hint={`of ${money(held)} that are held; the client gets the rest`}>
        {(id) => (
          <input
            id={id}
            type="range"
            min={0}
            max={Number(held)}
            step={1}
            value={Number(sellerShare)}
            aria-valuetext={`${money(sellerShare)} for the seller, ${money(held - sellerShare)} for the client`}
            onInput={(event) => onChange(BigInt(Math.round(Number(event.currentTarget.value))))}
          />
        )}
      </Field>
      <fieldset class="actions">
        <legend>Common splits</legend>
        {[0, 25, 50, 75, 100].map((percent) => (
          <button key={percent} type="button" onClick={() => onChange((held * BigInt(percent)) / 100n)}>
            {percent} %
          </button>
        ))}
      </fieldset>
      <WhoGetsWhat split={splitByShare(sellerShare, stakes)} />
    </>
  );
}

/** The two shares as the registry takes them. */
export function sharesOf(
  sellerShare: bigint,
  { price, bond }: Stakes,
): { client_share: string; seller_share: string } {
  return { client_share: money(price + bond - sellerShare), seller_share: money(sellerShare) };
}
