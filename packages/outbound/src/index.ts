export {
  type BreakerState,
  type CircuitBreaker,
  createCircuitBreaker,
  type ExchangeOutcome,
  type OpenCircuit,
} from './circuit-breaker.ts';
export type {
  Document,
  ExchangeAnswer,
  ExchangeFailure,
  ExchangeResult,
  FailurePhase,
} from './exchange-result.ts';
export type {
  InternalAnswer,
  InternalClient,
  InternalClientOptions,
  InternalRequest,
} from './internal-client.ts';
export { createInternalClient, UnreadableAnswer } from './internal-client.ts';
export type { Outbound, OutboundOptions, OutboundRequest } from './outbound.ts';
export { createOutbound } from './outbound.ts';
export type { ResolveHost } from './resolve-host.ts';
