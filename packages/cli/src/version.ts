/** Filled in when the published file is bundled. */
declare const AGENT_REGISTRY_CLI_VERSION: string | undefined;

export const version =
  typeof AGENT_REGISTRY_CLI_VERSION === 'undefined' ? 'of the checkout' : AGENT_REGISTRY_CLI_VERSION;
