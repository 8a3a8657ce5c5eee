/** Where an exchange that brought no answer came to its end. */
export type FailurePhase = 'dns' | 'connect' | 'tls' | 'timeout' | 'blocked' | 'response';

/** What came of one exchange with a stranger's server. */
export type ExchangeResult = ExchangeAnswer | ExchangeFailure;

/** The server answered, whatever it said. */
export interface ExchangeAnswer {
  ok: true;
  status: number;
  headersSubset: {
    /** Retry-After as it was sent, when it is printable and short. */
    retryAfter?: string;
  };
  /** At most 1,024 characters of the body; control characters are replaced, so it can be logged and stored. */
  bodyText: string;
  /** There was more body than `bodyText` shows. */
  bodyTruncated: boolean;
  durationMs: number;
}

/** No usable answer. */
export interface ExchangeFailure {
  ok: false;
  phase: FailurePhase;
  /** One sentence for the endpoint's owner; it names no address. */
  message: string;
  durationMs: number;
}

/** What came of asking for a document. */
export type Document =
  | {
      ok: true;
      status: number;
      /** How the body is compressed, though we ask that it is not; empty when it is not. */
      encoding: string;
      /** The body as it came; its beginning where it was too long. */
      body: Buffer;
      truncated: boolean;
    }
  | Omit<ExchangeFailure, 'durationMs'>;

/** A failure with its phase, thrown inside this package only. */
export class PhaseError extends Error {
  override readonly name = 'PhaseError';
  readonly phase: FailurePhase;

  constructor(phase: FailurePhase, message: string) {
    super(message);
    this.phase = phase;
  }
}
