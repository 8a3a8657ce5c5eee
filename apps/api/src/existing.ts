import { RegistryError } from '@agent-registry/schemas';

/** A row that was looked up. @throws RegistryError not_found where there is none. */
export function existing<T>(row: T | undefined, what: string): T {
  if (row === undefined) throw new RegistryError('not_found', `There is no such ${what}.`);
  return row;
}
