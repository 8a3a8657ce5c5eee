import { buildDocument } from '../openapi/build-document.ts';
import type { OpenApi } from './openapi-types.ts';
import { endpointsOf } from './reference.ts';
import { pythonSample } from './samples.ts';

/** A sample of /docs for the Python package, and the route that it calls. */
export interface PythonSample {
  readonly code: string;
  readonly method: string;
  /** As in the OpenAPI document, with its parameters in braces. */
  readonly path: string;
}

/** The Python samples of the reference. */
export function pythonSamples(): PythonSample[] {
  const document = buildDocument() as unknown as OpenApi;
  return endpointsOf(document).flatMap((endpoint) => {
    const code = pythonSample(document, endpoint);
    return code === null ? [] : [{ code, method: endpoint.method.toUpperCase(), path: endpoint.path }];
  });
}
