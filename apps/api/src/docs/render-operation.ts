import { codeBlock, escapeHtml, inline } from './html.ts';
import type { OpenApi, Operation, Parameter, Reply } from './openapi-types.ts';
import { parameterTable, propertyTable, typeOf } from './render-schema.ts';

const ACCESS: Readonly<Record<string, string>> = {
  open: 'open to all',
  signed: 'signed',
  owner: 'signed, by the agent itself',
  operator: 'operator key',
};

/** One endpoint. */
export function renderOperation(
  document: OpenApi,
  method: string,
  path: string,
  operation: Operation,
  aliases: readonly string[],
): string {
  const { operationId, summary } = operation;
  const access = operation['x-access'];
  const category = operation['x-rate-limit-category'];
  const facts = [
    ...(access === undefined ? [] : [ACCESS[access] ?? access]),
    ...(category === undefined ? [] : [`rate: ${category}`]),
    ...aliases.map((alias) => `also ${alias}`),
  ];
  return `<article id="${escapeHtml(operationId)}">
<h3><span class="method ${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> <code>${escapeHtml(path)}</code></h3>
<p>${inline(summary)}</p><p class="facts">${facts.map((fact) => `<span>${escapeHtml(fact)}</span>`).join('')}</p>
${renderParameters(document, operation)}${renderBody(operation)}${renderReplies(document, operation)}
</article>`;
}

function renderParameters(document: OpenApi, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map((parameter) =>
    parameter.$ref === undefined
      ? parameter
      : (document.components.parameters[nameOf(parameter.$ref)] as Parameter),
  );
  return parameterTable(parameters);
}

function renderBody(operation: Operation): string {
  const content = operation.requestBody?.content['application/json'];
  if (content === undefined) return '';
  const example = content.example === undefined ? '' : codeBlock(content.example);
  return `<h4>Body</h4>${propertyTable(content.schema)}${example}`;
}

function renderReplies(document: OpenApi, operation: Operation): string {
  const replies = Object.entries(operation.responses).map(([status, reply]) => {
    const found =
      reply.$ref === undefined ? reply : (document.components.responses[nameOf(reply.$ref)] as Reply);
    return renderReply(status, found);
  });
  return `<details><summary>Answers</summary><dl>${replies.join('')}</dl></details>`;
}

function renderReply(status: string, reply: Reply): string {
  const content = reply.content?.['application/json'];
  const type = content === undefined ? '' : ` ${typeOf(content.schema)}`;
  const shape =
    content?.schema.$ref === undefined && content !== undefined ? propertyTable(content.schema) : '';
  const example = content?.example === undefined ? '' : codeBlock(content.example);
  return `<dt><code>${escapeHtml(status)}</code></dt><dd>${inline(reply.description)}${type}${shape}${example}</dd>`;
}

function nameOf(ref: string): string {
  return ref.split('/').at(-1) ?? '';
}
