import type { Attack } from './attack.ts';
import { channelAttacks } from './attacks-channels.ts';
import { fileAttacks } from './attacks-files.ts';
import { kernelAttacks } from './attacks-kernel.ts';
import { memoryAttacks } from './attacks-memory.ts';
import { networkAttacks } from './attacks-network.ts';
import { processAttacks } from './attacks-processes.ts';
import { resourceAttacks } from './attacks-resources.ts';

/** Every attack of the suite. */
export const attacks: readonly Attack[] = [
  ...networkAttacks,
  ...fileAttacks,
  ...processAttacks,
  ...kernelAttacks,
  ...memoryAttacks,
  ...resourceAttacks,
  ...channelAttacks,
];

/** A name that is an attack's alone. */
export const titleOf = ({ area, runtime, name, heldBy }: Attack): string =>
  `${area}, ${runtime}: ${name}: ${heldBy}`;
