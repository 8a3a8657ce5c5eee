import { compile, type JSONPathQuery, jsonpath } from 'json-p3';

const { selectors, expressions } = jsonpath;
type Filter = jsonpath.expressions.FilterExpression;

/** @throws Error when the text is no JSONPath of RFC 9535. */
export function parseJsonPath(text: string): JSONPathQuery {
  return compile(text);
}

/** The patterns that stand in a path as literals: second arguments of `match` and `search`. */
export function* patternsOf(query: JSONPathQuery): Generator<string> {
  for (const segment of query.segments) {
    for (const selector of segment.selectors) {
      if (selector instanceof selectors.FilterSelector) yield* patternsIn(selector.expression);
    }
  }
}

function* patternsIn(filter: Filter): Generator<string> {
  if (filter instanceof expressions.LogicalExpression) yield* patternsIn(filter.expression);
  else if (filter instanceof expressions.PrefixExpression) yield* patternsIn(filter.right);
  else if (filter instanceof expressions.InfixExpression) {
    yield* patternsIn(filter.left);
    yield* patternsIn(filter.right);
  } else if (filter instanceof expressions.FilterQuery) yield* patternsOf(filter.path);
  else if (filter instanceof expressions.FunctionExtension) {
    const [, pattern] = filter.args;
    if (filter.name === 'match' || filter.name === 'search') {
      if (pattern instanceof expressions.StringLiteral) yield pattern.value;
    }
    for (const arg of filter.args) yield* patternsIn(arg);
  }
}
