import { type Contract, EVENT_TYPES, REMEDIES } from '@agent-registry/schemas';
import type { JsonSchema } from '../openapi/json-schema.ts';
import { componentName } from '../openapi/webhooks.ts';
import {
  bodyOf,
  isIdempotent,
  type KnownEndpoint,
  knownEndpoints,
  parametersOf,
  upperFirst,
} from './known-endpoints.ts';
import { camel, createPythonTypes, docstring, type PythonTypes, snake } from './python-types.ts';

const HEAD = (what: string): string =>
  `"""${what} Generated from the contracts of the API: npm run generate. Do not edit."""\n\nfrom __future__ import annotations\n\n`;
const TYPES_HEAD = `import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, TypeAlias, TypedDict

if sys.version_info >= (3, 11):
    from typing import NotRequired
else:
    from typing_extensions import NotRequired

# Credits: a decimal string such as "12.50", a Decimal, or a number of at most two places.
Money: TypeAlias = "str | float | Decimal"


`;

interface Argument {
  readonly name: string;
  readonly type: string;
  readonly isRequired: boolean;
  readonly description: string;
  readonly isPath: boolean;
}

interface Method {
  readonly endpoint: KnownEndpoint;
  readonly name: string;
  readonly args: readonly Argument[];
  readonly result: string;
  /** What a page of it holds; null where it answers none. */
  readonly item: string | null;
}

/** The generated modules of the Python package, by name. */
export function pythonClient(): Readonly<Record<'types' | '_calls' | '_remedies', string>> {
  const types = createPythonTypes();
  const { endpoints, schemas } = knownEndpoints();
  for (const [name, schema] of Object.entries(schemas))
    if (!name.endsWith('Request')) types.declare(name, schema, isSent(name) ? 'in' : 'out');
  const methods = endpoints.map((endpoint) => methodOf(endpoint, types, schemas));
  const ofAgents = methods.filter(({ endpoint }) => endpoint.contract.access !== 'operator');
  const ofOperators = methods.filter(({ endpoint }) => endpoint.contract.access === 'operator');
  const calls = [
    ...methods.map(({ endpoint }) => constantOf(endpoint.contract)),
    ...[false, true].flatMap((isAsync) => [
      classOf('AgentCalls', 'What an agent may call.', ofAgents, isAsync),
      classOf('OperatorCalls', 'What an operator may call.', ofOperators, isAsync),
    ]),
  ].join('');
  return {
    types: `${HEAD('What the API takes and answers.')}${TYPES_HEAD}${types.source()}${events(schemas)}`,
    _calls: `${HEAD('A method for each endpoint.')}${callsHead(calls, types.names())}${calls}`,
    _remedies: `${HEAD('What to do about each refusal.')}REMEDIES = {\n${Object.entries(REMEDIES)
      .map(([code, remedy]) => `    "${code}": ${JSON.stringify(remedy)},\n`)
      .join('')}}\n`,
  };
}

/** What stands in bodies. */
const isSent = (name: string): boolean => /Test$|^Acceptance|^ProgramCase/.test(name);

/** Every event as it is sent, and as the feed has it. */
function events(schemas: Readonly<Record<string, JsonSchema>>): string {
  const names = EVENT_TYPES.map(componentName);
  const inFeed = names.map((name) => `Feed${name}`);
  const sent = schemas[names[0]!]?.properties ?? {};
  const added = Object.keys(schemas.FeedEvent?.properties ?? {}).filter((name) => !(name in sent));
  const classes = names.map(
    (name, n) =>
      `\n\nclass ${inFeed[n]}(${name}):\n${added.map((member) => `    ${member}: str\n`).join('')}`,
  );
  return [
    `\n\n# A webhook: its \`event\` tells what \`data\` and \`job_id\` are.\nEvent: TypeAlias = "${names.join(' | ')}"\n`,
    ...classes,
    `\n\n# An event of the feed. Its \`cursor\` is where to go on after it.\nAgentEvent: TypeAlias = "${inFeed.join(' | ')}"\n`,
  ].join('');
}

function methodOf(
  endpoint: KnownEndpoint,
  types: PythonTypes,
  schemas: Readonly<Record<string, JsonSchema>>,
): Method {
  const { contract, answer } = endpoint;
  const hint = upperFirst(contract.id);
  const of = (schema: JsonSchema, name: string) => types.print(schema, 'in', `${hint}${camel(name)}`);
  const params = parametersOf(endpoint).map(({ name, schema, required, description, in: where }) => ({
    name,
    type: of(schema, name),
    isRequired: required,
    description: textOf(description ?? schema.description),
    isPath: where === 'path',
  }));
  const body = resolve(bodyOf(endpoint), schemas);
  const members = Object.entries(body?.properties ?? {})
    .filter(([, { description }]) => description !== 'Ignored')
    .map(([name, schema]) => ({
      name,
      type: of(schema, name),
      isRequired: body?.required?.includes(name) === true,
      description: textOf(schema.description),
      isPath: false,
    }));
  const page = resolve(answer, schemas);
  const isPage = page?.properties?.next_cursor !== undefined;
  const items = (isPage ? page.properties?.items?.items : page?.items) as JsonSchema | undefined;
  return {
    endpoint,
    name: snake(contract.id),
    args: [...params, ...members].sort((a, b) => Number(b.isRequired) - Number(a.isRequired)),
    result: answer === undefined ? 'None' : types.print(answer, 'out', `${hint}Response`),
    item: items === undefined ? null : types.print(items, 'out', `${hint}Item`),
  };
}

const textOf = (text: unknown): string => (typeof text === 'string' ? text : '');
const constantName = ({ id }: Contract): string => `_${snake(id).toUpperCase()}`;

function resolve(
  schema: JsonSchema | undefined,
  schemas: Readonly<Record<string, JsonSchema>>,
): JsonSchema | undefined {
  const name = schema?.$ref?.split('/').at(-1);
  return name === undefined ? schema : schemas[name];
}

function constantOf(contract: Contract): string {
  const { id, method, path, access, body } = contract;
  const flags = [
    ...(body === undefined ? [] : ['has_body=True']),
    ...(isIdempotent(contract) ? ['is_idempotent=True'] : []),
  ].map((flag) => `, ${flag}`);
  return `${constantName(contract)} = Endpoint("${snake(id)}", "${method}", "${path}", "${access}"${flags.join('')})\n`;
}

function classOf(name: string, description: string, methods: readonly Method[], isAsync: boolean): string {
  const [prefix, iterator] = isAsync ? ['async ', 'AsyncIterator'] : ['', 'Iterator'];
  const head = [
    `\n\nclass ${isAsync ? 'Async' : ''}${name}(ABC):\n    """${description}"""\n`,
    `    @abstractmethod\n    ${prefix}def _call(\n        self,\n        endpoint: Endpoint,\n        path: Mapping[str, str],\n        values: Mapping[str, Any],\n        idempotency_key: str | None = None,\n        wait_seconds: float | None = None,\n    ) -> Any: ...\n`,
    `    @abstractmethod\n    def _pages(\n        self, endpoint: Endpoint, path: Mapping[str, str], values: Mapping[str, Any]\n    ) -> ${iterator}[Any]: ...\n`,
  ];
  const printed = methods.flatMap((method) => [
    printMethod(method, isAsync),
    ...(method.item === null || !method.args.some(({ name: arg }) => arg === 'cursor')
      ? []
      : [printPages(method, iterator)]),
  ]);
  return [...head, ...printed].join('\n');
}

function printMethod({ endpoint, name, args, result }: Method, isAsync: boolean): string {
  const { contract, operation } = endpoint;
  const extra = [
    ...(isIdempotent(contract) ? ['idempotency_key'] : []),
    ...(contract.waits === true ? ['wait_seconds'] : []),
  ];
  const more = extra.map((arg) => `${arg}: ${arg === 'wait_seconds' ? 'float' : 'str'} | None = None`);
  const passed = extra.map((arg) => `${arg}=${arg}`);
  const call = `${isAsync ? 'await ' : ''}self._call(${[constantName(contract), ...valuesOf(args), ...passed].join(', ')})`;
  return [
    `    ${isAsync ? 'async ' : ''}def ${name}(\n${signature(args, more)}    ) -> ${result}:\n`,
    documentation(`${operation.summary}.\n\n${operation.description}`, args),
    result === 'None' ? `        ${call}\n` : `        return cast("${result}", ${call})\n`,
  ].join('');
}

/** The items of all pages of a list. */
function printPages({ endpoint, name, args, item }: Method, iterator: string): string {
  const kept = args.filter((arg) => !['cursor', 'offset', 'limit'].includes(arg.name));
  const call = `self._pages(${[constantName(endpoint.contract), ...valuesOf(kept)].join(', ')})`;
  return [
    `    def iter_${name.replace(/^list_/, '')}(\n${signature(kept, [])}    ) -> ${iterator}[${item}]:\n`,
    `        """Every item of \`${name}\`, page after page, as it is asked for."""\n`,
    `        return cast("${iterator}[${item}]", ${call})\n`,
  ].join('');
}

function signature(args: readonly Argument[], more: readonly string[]): string {
  const one = ({ name, type, isRequired }: Argument): string =>
    isRequired ? `${name}: ${type}` : `${name}: ${type === 'Any' ? type : `${type} | Absent`} = ABSENT`;
  const named = [...args.filter(({ isPath }) => !isPath).map(one), ...more];
  const all = [
    'self',
    ...args.filter(({ isPath }) => isPath).map(one),
    ...(named.length === 0 ? [] : ['*']),
    ...named,
  ];
  return all.map((arg) => `        ${arg},\n`).join('');
}

function valuesOf(args: readonly Argument[]): string[] {
  const dict = (of: readonly Argument[]): string =>
    `{${of.map(({ name }) => `"${name}": ${name}`).join(', ')}}`;
  return [dict(args.filter(({ isPath }) => isPath)), dict(args.filter(({ isPath }) => !isPath))];
}

function documentation(text: string, args: readonly Argument[]): string {
  const described = args.map(({ name, description }) => `    ${name}: ${description}`);
  const whole = described.length === 0 ? text : `${text}\n\nArgs:\n${described.join('\n')}`;
  return docstring(whole, '        ');
}

/** Imports what the methods name. */
function callsHead(calls: string, declared: readonly string[]): string {
  const words = new Set(calls.match(/\b[A-Z]\w+\b/g));
  const named = [...declared, 'Money'].filter((name) => words.has(name)).sort();
  return [
    'from abc import ABC, abstractmethod\n',
    'from collections.abc import AsyncIterator, Iterator, Mapping, Sequence\n',
    'from typing import TYPE_CHECKING, Any, Literal, cast\n\n',
    'from ._endpoint import ABSENT, Absent, Endpoint\n\n',
    `if TYPE_CHECKING:\n    from .types import (\n${named.map((name) => `        ${name},\n`).join('')}    )\n\n`,
  ].join('');
}
