import { RegistryError } from '@agent-registry/schemas';
import { extractMember, JsonTextError } from '@agent-registry/signing';

/** The JSON text of one member of the body, as it was sent; undefined when it is absent, null when it is null. */
export function memberText(bodyText: string, name: string): string | null | undefined {
  if (bodyText.trim() === '') return undefined;
  try {
    const text = extractMember(bodyText, name);
    if (text === null || text === undefined) return undefined;
    return text.trim() === 'null' ? null : text;
  } catch (error) {
    if (error instanceof JsonTextError) throw new RegistryError('malformed_request', 'The body is not JSON.');
    throw error;
  }
}

/** The value of one member of the body as JSON has it, where the body's schema may have read a number as money. */
export function memberValue(bodyText: string, name: string): unknown {
  const text = memberText(bodyText, name);
  return typeof text === 'string' ? JSON.parse(text) : text;
}
