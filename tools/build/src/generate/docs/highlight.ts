import { createHighlighterCoreSync } from 'shiki/core';
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript';
import bash from 'shiki/langs/bash.mjs';
import http from 'shiki/langs/http.mjs';
import javascript from 'shiki/langs/javascript.mjs';
import json from 'shiki/langs/json.mjs';
import python from 'shiki/langs/python.mjs';
import typescript from 'shiki/langs/typescript.mjs';
import { escapeHtml } from './html.ts';

const LANGUAGES: Readonly<Record<string, string>> = {
  sh: 'bash',
  http: 'http',
  js: 'javascript',
  json: 'json',
  py: 'python',
  ts: 'typescript',
};

/** Each kind of token has a colour that stands for it, which becomes a class: the policy of the page forbids inline styles. */
const KINDS = {
  '#000001': 'comment',
  '#000002': 'string',
  '#000003': 'keyword',
  '#000004': 'constant',
  '#000005': 'name',
} as const;
const SCOPES: Readonly<Record<string, readonly string[]>> = {
  '#000001': ['comment', 'punctuation.definition.comment'],
  '#000002': ['string', 'punctuation.definition.string'],
  '#000003': ['keyword', 'storage', 'variable.language'],
  '#000004': ['constant', 'support.constant'],
  '#000005': ['entity.name.function', 'support.function', 'support.type.property-name', 'entity.name.type'],
};

const highlighter = createHighlighterCoreSync({
  engine: createJavaScriptRegexEngine(),
  langs: [bash, http, javascript, json, python, typescript],
  themes: [
    {
      name: 'kinds',
      type: 'light',
      fg: '#000000',
      bg: '#ffffff',
      settings: Object.entries(SCOPES).map(([foreground, scope]) => ({
        scope: [...scope],
        settings: { foreground },
      })),
    },
  ],
});

/** A block of code as HTML, its tokens in classes; of a language that is not known as it is. */
export function codeBlock(code: string, language = ''): string {
  const known = LANGUAGES[language];
  const body = known === undefined ? escapeHtml(code) : highlight(code, known);
  return `<pre tabindex="0"><code>${body}</code></pre>`;
}

function highlight(code: string, lang: string): string {
  // No time limit: a generated file must not depend on the machine's load.
  const { tokens } = highlighter.codeToTokens(code, { lang, theme: 'kinds', tokenizeTimeLimit: 0 });
  return tokens.map((line) => line.map(span).join('')).join('\n');
}

function span({ content, color = '' }: { readonly content: string; readonly color?: string }): string {
  const kind = KINDS[color.toLowerCase() as keyof typeof KINDS];
  return kind === undefined ? escapeHtml(content) : `<span class="t-${kind}">${escapeHtml(content)}</span>`;
}
