import { toggle } from '../../flags.ts';

/** For what a person at the terminal is asked about. */
export const yes = toggle('do not ask; nobody is asked where standard input is no terminal');
