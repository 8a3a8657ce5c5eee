// The refusals of the API, each with the gRPC status that the real service would give.
import { status } from '@grpc/grpc-js';

export class GrpcError extends Error {
  readonly code: status;
  constructor(code: status, details: string) {
    super(details);
    this.name = 'GrpcError';
    this.code = code;
  }
}

export const invalidArgument = (details: string): GrpcError =>
  new GrpcError(status.INVALID_ARGUMENT, details);
export const notFound = (details: string): GrpcError => new GrpcError(status.NOT_FOUND, details);
export const alreadyExists = (details: string): GrpcError => new GrpcError(status.ALREADY_EXISTS, details);
export const failedPrecondition = (details: string): GrpcError =>
  new GrpcError(status.FAILED_PRECONDITION, details);
export const resourceExhausted = (details: string): GrpcError =>
  new GrpcError(status.RESOURCE_EXHAUSTED, details);
export const unimplemented = (details: string): GrpcError => new GrpcError(status.UNIMPLEMENTED, details);
