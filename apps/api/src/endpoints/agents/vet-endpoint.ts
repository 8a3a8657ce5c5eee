import { vetTargetUrl } from '@agent-registry/domain';
import { fieldRefusal } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';

/** An address that webhooks may go to, as it was sent. @throws RegistryError validation_failed. */
export function vetEndpoint(context: ApiContext, url: string | null | undefined): string | null | undefined {
  if (url === null || url === undefined) return url;
  const vetted = vetTargetUrl(url, { allowPrivate: context.config.allowPrivateTargets });
  if (!vetted.ok) throw fieldRefusal('endpoint_url', vetted.reason);
  return url;
}
