/** The command cannot be right as it was given: nothing was asked of the registry, or nothing can be. */
export class UsageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UsageError';
  }
}

/** The person at the terminal said no. */
export class Declined extends Error {
  constructor() {
    super('Nothing was changed.');
    this.name = 'Declined';
  }
}
