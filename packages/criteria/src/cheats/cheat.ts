/** A deliverable with no work in it. A suite that it passes can be passed by whoever has not done the work. */
export interface Cheat {
  /** Says what it is, such as `empty_object`; unique in a battery. */
  readonly name: string;
  readonly deliverable: unknown;
}
