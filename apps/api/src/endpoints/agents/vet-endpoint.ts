import { vetTargetUrl } from '@agent-registry/domain';
import { fieldRefusal } from '@agent-registry/schemas';
import type { ApiContext } from '../../context.ts';

/** An address that the registry may ask something of, as it was sent. @throws RegistryError validation_failed. */
export function vetEndpoint(
  context: ApiContext,
  url: string | null | undefined,
  member: 'endpoint_url' | 'agent_card_url' = 'endpoint_url',
): string | null | undefined {
  if (url === null || url === undefined) return url;
  const vetted = vetTargetUrl(url, { allowPrivate: context.config.allowPrivateTargets });
  if (!vetted.ok) throw fieldRefusal(member, vetted.reason);
  return url;
}
