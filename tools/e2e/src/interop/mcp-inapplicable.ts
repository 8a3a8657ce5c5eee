/** What of the conformance suite cannot pass on `POST /mcp`, and why: whole scenarios, or checks of scenarios that pass otherwise. */
export interface Inapplicable {
  readonly why: string;
  readonly scenarios?: readonly string[];
  readonly checks?: readonly string[];
}

export const INAPPLICABLE: readonly Inapplicable[] = [
  {
    why: 'they call tools of the suite’s own, such as test_simple_text, which only a server made for it has',
    scenarios: [
      'tools-call-audio',
      'tools-call-elicitation',
      'tools-call-embedded-resource',
      'tools-call-error',
      'tools-call-image',
      'tools-call-mixed-content',
      'tools-call-sampling',
      'tools-call-simple-text',
      'tools-call-with-logging',
      'tools-call-with-progress',
      'elicitation-sep1034-defaults',
      'elicitation-sep1330-enums',
      'json-schema-2020-12',
      'http-custom-header-server-validation',
      'input-required-result-basic-elicitation',
      'input-required-result-basic-list-roots',
      'input-required-result-basic-sampling',
      'input-required-result-capability-check',
      'input-required-result-multi-round',
      'input-required-result-multiple-input-requests',
      'input-required-result-request-state',
      'input-required-result-result-type',
      'input-required-result-tampered-state',
    ],
    checks: [
      'sep-2575-server-rejects-undeclared-capability',
      'sep-2575-missing-capability-http-400',
      'sep-2575-http-server-no-independent-requests-on-stream',
      'sep-2575-server-no-log-without-loglevel',
    ],
  },
  {
    why: 'the server has tools alone: no prompts, resources, completions and logging, and says so in its capabilities',
    scenarios: [
      'completion-complete',
      'input-required-result-non-tool-request',
      'logging-set-level',
      'prompts-get-embedded-resource',
      'prompts-get-simple',
      'prompts-get-with-args',
      'prompts-get-with-image',
      'prompts-list',
      'resources-list',
      'resources-read-binary',
      'resources-read-text',
      'resources-subscribe',
      'resources-templates-read',
      'resources-unsubscribe',
    ],
    checks: [
      'sep-2549-prompts-list-caching-hints',
      'sep-2549-resources-list-caching-hints',
      'sep-2549-resources-templates-list-caching-hints',
    ],
  },
  {
    why: 'the optional extension for tasks is not offered: a call of a tool that reads ends at once',
    scenarios: [
      'tasks-capability-negotiation',
      'tasks-dispatch-and-envelope',
      'tasks-lifecycle',
      'tasks-mrtr-composition',
      'tasks-mrtr-input',
      'tasks-request-headers',
      'tasks-request-state-removal',
      'tasks-required-task-error',
      'tasks-wire-fields',
    ],
  },
  {
    why: 'subscriptions are refused, since the list of tools never changes while the service runs',
    checks: ['sep-2575-server-sends-subscription-ack', 'sep-2575-server-tags-subscription-id'],
  },
  {
    why: 'anybody may read here, from any page and by any name of the host, without a key or a cookie: rebinding gains nothing',
    checks: ['localhost-host-rebinding-rejected'],
  },
];
