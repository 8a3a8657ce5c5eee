import { codeBlock } from './highlight.ts';
import { escapeHtml, inline } from './html.ts';
import type { OpenApi, Operation, Parameter, Reply } from './openapi-types.ts';
import { curlSample, type Endpoint, pythonSample, typescriptSample } from './samples.ts';
import { nameOf, parameterTable, propertyTable, resolve, typeOf, withCodes } from './schema-table.ts';

const ACCESS: Readonly<Record<string, string>> = {
  open: 'open to all',
  signed: 'signed',
  owner: 'signed, by the agent itself',
  operator: 'operator key',
};

/** One endpoint. */
export function renderOperation(document: OpenApi, endpoint: Endpoint, aliases: readonly string[]): string {
  const { method, path, operation } = endpoint;
  const access = operation['x-access'];
  const category = operation['x-rate-limit-category'];
  const facts = [
    ...(access === undefined ? [] : [ACCESS[access] ?? access]),
    ...(category === undefined ? [] : [`rate: ${category}`]),
    ...aliases.map((alias) => `also ${alias}`),
  ];
  return `<article id="${escapeHtml(operation.operationId)}">
<h2>${escapeHtml(operation.summary)}</h2>
<p class="route"><span class="method ${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> <code>${breakable(path)}</code></p>
<p>${inline(operation.description)}</p>
<p class="facts">${facts.map((fact) => `<span>${breakable(fact)}</span>`).join('')}</p>
${renderParameters(document, operation)}${renderBody(document, operation)}${renderSamples(document, endpoint)}${renderReplies(document, operation)}
</article>`;
}

/** One event, which comes to an agent's endpoint. */
export function renderEvent(document: OpenApi, operation: Operation): string {
  const content = operation.requestBody?.content['application/json'];
  const schema = resolve(document, content?.schema ?? {});
  const data = resolve(document, schema.properties?.data ?? {});
  const members = propertyTable(data);
  return `<article id="${escapeHtml(operation.operationId)}"><h2>${escapeHtml(operation.operationId)}</h2>
<p>${inline(operation.description)}</p>${members === '' ? '' : `<h3>data</h3>${members}`}${codeBlock(JSON.stringify(content?.example, null, 2), 'json')}</article>`;
}

/** A path that may break after its slashes. */
const breakable = (path: string): string => escapeHtml(path).replaceAll('/', '/<wbr>');

function renderParameters(document: OpenApi, operation: Operation): string {
  const parameters = (operation.parameters ?? []).map((parameter) =>
    parameter.$ref === undefined
      ? parameter
      : (document.components.parameters[nameOf(parameter.$ref)] as Parameter),
  );
  return parameters.length === 0 ? '' : `<h3>Parameters</h3>${parameterTable(parameters)}`;
}

function renderBody(document: OpenApi, operation: Operation): string {
  const content = operation.requestBody?.content['application/json'];
  if (content === undefined) return '';
  return `<h3>Body</h3>${propertyTable(resolve(document, content.schema))}`;
}

function renderSamples(document: OpenApi, endpoint: Endpoint): string {
  const typescript = typescriptSample(document, endpoint);
  const python = pythonSample(document, endpoint);
  const one = (title: string, code: string, language: string, isOpen: boolean) =>
    `<details class="sample" name="sample-${escapeHtml(endpoint.operation.operationId)}"${isOpen ? ' open' : ''}><summary>${title}</summary>${codeBlock(code, language)}</details>`;
  return `<h3>Call it</h3>${one('curl', curlSample(document, endpoint), 'sh', true)}${
    typescript === null ? '' : one('TypeScript', typescript, 'ts', false)
  }${python === null ? '' : one('Python', python, 'py', false)}`;
}

function renderReplies(document: OpenApi, operation: Operation): string {
  const replies = Object.entries(operation.responses).map(([status, reply]) => {
    const found =
      reply.$ref === undefined ? reply : (document.components.responses[nameOf(reply.$ref)] as Reply);
    return { status, reply: found };
  });
  const isGood = ({ status }: { readonly status: string }) => status < '400';
  const list = (some: typeof replies) =>
    `<dl>${some.map(({ status, reply }) => renderReply(document, status, reply)).join('')}</dl>`;
  return `<h3>Answers</h3>${list(replies.filter(isGood))}<details><summary>Refusals</summary>${list(replies.filter((one) => !isGood(one)))}</details>`;
}

function renderReply(document: OpenApi, status: string, reply: Reply): string {
  const content = reply.content?.['application/json'];
  const name = nameOf(content?.schema.$ref ?? '');
  const isShownHere = name === '' || name.endsWith('Response');
  const shape = content !== undefined && isShownHere ? propertyTable(resolve(document, content.schema)) : '';
  const type = content === undefined || shape !== '' ? '' : `: ${typeOf(content.schema)}`;
  const example =
    content?.example === undefined || status >= '400'
      ? ''
      : `<details><summary>Example</summary>${codeBlock(JSON.stringify(content.example, null, 2), 'json')}</details>`;
  return `<dt><code>${escapeHtml(status)}</code></dt><dd>${withCodes(reply.description)}${type}${shape}${example}</dd>`;
}
