/** How a job ended, and what each party has gained by it, cents. */
export interface Ending {
  readonly by: 'agreement' | 'operator' | 'time';
  readonly client: bigint;
  readonly seller: bigint;
}

/** A job that several wanted to end at once. */
export interface Contest {
  readonly jobId: string;
  readonly client: string;
  readonly seller: string;
  /** The endings that the registry said had happened. */
  readonly acknowledged: readonly Ending[];
  /** What happens when nobody ends it; null where somebody must. */
  readonly otherwise: Ending | null;
}

/** How a job ended by the registry's books. */
export interface EndedJob extends Ending {
  readonly jobId: string;
  /** Its settlements in the log. */
  readonly leaves: number;
}

/** What is wrong with how contested jobs ended: each by exactly what was acknowledged, paid once, with one leaf of the log. */
export function* checkEndings(
  contests: readonly Contest[],
  jobs: ReadonlyMap<string, EndedJob>,
): Iterable<string> {
  for (const { jobId, acknowledged, otherwise } of contests) {
    const fault = (what: string) => `job ${jobId} ${what}`;
    const job = jobs.get(jobId);
    const [wanted = otherwise, ...more] = acknowledged;
    if (more.length > 0) yield fault(`was acknowledged to end ${acknowledged.length} times`);
    if (wanted === null) yield fault('was settled by several at once, and none of them was told so');
    else if (job === undefined) yield fault('is not in the books');
    else {
      if (describe(job) !== describe(wanted))
        yield fault(`ended ${describe(job)} instead of ${describe(wanted)}`);
      if (job.leaves !== 1) yield fault(`has ${job.leaves} settlements in the log`);
    }
  }
}

const describe = ({ by, client, seller }: Ending): string =>
  `by ${by}, ${client} cents for the client and ${seller} for the seller`;
