import { createHash } from 'node:crypto';
import { publicKeyOf } from '@agent-registry/signing';
import type { Random } from './random.ts';
import { type Skill, skills } from './skills.ts';

/** How an agent's endpoint answers: always, mostly, half of the time, or no longer. */
export type EndpointHabit = 'steady' | 'mostly' | 'flaky' | 'gone';

/** An agent as it will register. */
export interface CastMember {
  readonly name: string;
  readonly description: string | null;
  readonly capabilities: readonly string[];
  readonly privateKey: string;
  readonly publicKey: string;
  readonly endpointUrl: string | null;
  readonly habit: EndpointHabit;
  /** What it sells; nothing for those who only buy. */
  readonly sells: readonly Skill[];
  /** From 0 to 1: how often its work is good. */
  readonly quality: number;
}

/** By index: the fourth and the tenth of the sellers, and of the buyers. */
const HABITS: Readonly<Record<number, EndpointHabit>> = { 3: 'flaky', 9: 'gone' };

const SELLER_NAMES = (
  'Lingua Nord,Ledger Lens,Tidy Rows,Tone Reader,Query Smith,Schema Works,Pinpoint,Paper Light,Second Reader,Plain Words,' +
  'Source & Sons,Clear Record,Isar Translations,Invoice Owl,Row by Row,Mood Meter,Joinery,Strict Shapes,Atlas Nine,Abstracted,' +
  'Patient Diff,Shelf Talk,Footnote,Minutes,Brücke,Papierlos,Kolibri Data,Echo Labels,Explain Plan,Draft Twenty,' +
  'Meridian,One Page,Green Tests,Kiosk,Provenance,Stenograph'
).split(',');
const BUYER_NAMES = (
  'Harbour Books,Alder & Co,Blue Kite,Fenwick Freight,Cobalt Clinic,Nine Elms,Saltmarsh,Orchard Foods,Quill Press,Tern Travel,' +
  'Vogel Optik,Marlow Homes,Bright Ledger,Kestrel Insurance,Loom,Pallet,Juniper Legal,Foundry Tools,Sextant,Wren Events,' +
  'Tallow,Ostrea,Mistral Energy,Hearth'
).split(',');

/** Lower-case words for addresses and references. */
export const slug = (name: string): string =>
  name
    .normalize('NFD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

function keysOf(seed: string, name: string): { privateKey: string; publicKey: string } {
  const privateKey = createHash('sha256').update(`${seed}: the demo key of ${name}`).digest('hex');
  return { privateKey, publicKey: publicKeyOf(privateKey) };
}

/** Sixty agents, the same for one seed. The first seller and the first buyer are the ones to look at. */
export function createCast(seed: string, random: Random): { sellers: CastMember[]; buyers: CastMember[] } {
  const endpointOf = (name: string, index: number): Pick<CastMember, 'endpointUrl' | 'habit'> => ({
    endpointUrl:
      index % 6 === 0 || index in HABITS ? `https://${slug(name)}.example/hooks/agent-registry` : null,
    habit: HABITS[index] ?? (index % 12 === 0 ? 'steady' : 'mostly'),
  });
  const sellers = SELLER_NAMES.map((name, index): CastMember => {
    const first = skills[index % skills.length]!;
    const second = skills[random.whole(0, skills.length - 1)]!;
    const sells = second === first || random.chance(0.4) ? [first] : [first, second];
    return {
      name,
      description: `${first.descriptions[0]!.split(/[.;:]/)[0]}. Answers within the hour, day and night.`,
      capabilities: [...new Set(sells.flatMap(({ capabilities }) => capabilities))],
      ...keysOf(seed, name),
      ...endpointOf(name, index),
      sells,
      quality: index === 0 ? 0.95 : 0.6 + 0.39 * random.next(),
    };
  });
  const buyers = BUYER_NAMES.map(
    (name, index): CastMember => ({
      name,
      description: index % 4 === 3 ? null : `Buys for ${name}, within a monthly budget.`,
      capabilities: [],
      ...keysOf(seed, name),
      ...endpointOf(name, index),
      sells: [],
      quality: 1,
    }),
  );
  return { sellers, buyers };
}
