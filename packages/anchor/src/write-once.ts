/** `kept`: the object is new. `same`: it was there with these bytes. `different`: it was there with others, and stays. */
export type Anchored = 'kept' | 'same' | 'different';

/** Write-once storage outside of the database: it shows when the log was rolled back, as by a restored backup. */
export interface Anchor {
  /** Writes an object unless there is one of that name. @throws whatever the storage fails of. */
  putIfAbsent(name: string, bytes: Uint8Array): Promise<Anchored>;
  /** Null where there is none. */
  read(name: string): Promise<Buffer | null>;
}
