import type { JsonSchema } from '../openapi/json-schema.ts';
import { upperFirst } from './known-endpoints.ts';
import type { Way } from './print-types.ts';

const WIDTH = 120;

/** Prints JSON Schemas as Python types, and gathers what has to be declared for them. */
export interface PythonTypes {
  /** The type of a schema; an object without a name of its own is declared as `hint`. */
  print(schema: JsonSchema, way: Way, hint: string): string;
  /** Declares a component. */
  declare(name: string, schema: JsonSchema, way: Way): void;
  /** The names of all that is declared. */
  names(): readonly string[];
  /** Every declaration, in the order in which they were asked for. */
  source(): string;
}

export function createPythonTypes(): PythonTypes {
  const declarations = new Map<string, string>();
  const types: PythonTypes = {
    print(schema, way, hint) {
      const name = schema.$ref?.split('/').at(-1);
      // A suite that is put together from parts is no literal, and what is not known of it the registry says.
      if (name === 'AcceptanceCriteria' && way === 'in') return `${name} | Mapping[str, Any]`;
      if (name !== undefined) return name;
      if (schema.const !== undefined) return literal([schema.const]);
      if (Array.isArray(schema.enum)) return literal(schema.enum);
      const branches = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
      if (branches !== undefined) return union(branches.map((branch) => types.print(branch, way, hint)));
      if (Array.isArray(schema.type))
        return union(schema.type.map((type) => types.print({ ...schema, type }, way, hint)));
      return plain(schema, way, hint);
    },
    declare(name, schema, way) {
      const members = Object.entries(schema.properties ?? {});
      // The place is kept before the members, which may be declared too, are printed.
      declarations.set(name, '');
      const text =
        schema.type === 'object' && members.length > 0
          ? `class ${name}(TypedDict):\n${docstring(schema.description, '    ')}${fields(name, schema, way)}`
          : `${remark(schema.description, '')}${name}: TypeAlias = "${types.print(schema, way, name).replaceAll('"', "'")}"\n`;
      declarations.set(name, text);
    },
    names: () => [...declarations.keys()],
    source: () => [...declarations.values()].join('\n\n'),
  };

  function plain(schema: JsonSchema, way: Way, hint: string): string {
    switch (schema.type) {
      case 'array': {
        const item = types.print((schema.items ?? {}) as JsonSchema, way, `${hint}Item`);
        return way === 'in' ? `Sequence[${item}]` : `list[${item}]`;
      }
      case 'object':
        return object(schema, way, hint);
      default:
        return PLAIN[String(schema.type)] ?? 'Any';
    }
  }

  function object(schema: JsonSchema, way: Way, hint: string): string {
    if (Object.keys(schema.properties ?? {}).length > 0) {
      types.declare(hint, schema, way);
      return hint;
    }
    const more = schema.additionalProperties;
    const value =
      typeof more === 'object' && more !== null ? types.print(more as JsonSchema, way, hint) : 'Any';
    return `${way === 'in' ? 'Mapping' : 'dict'}[str, ${value}]`;
  }

  function fields(name: string, schema: JsonSchema, way: Way): string {
    return Object.entries(schema.properties ?? {})
      .map(([member, property]) => {
        const type = types.print(property, way, `${name}${camel(member)}`);
        const isRequired = schema.required?.includes(member) === true;
        return `${remark(property.description, '    ')}    ${member}: ${isRequired ? type : `NotRequired[${type}]`}\n`;
      })
      .join('');
  }
  return types;
}

const PLAIN: Readonly<Record<string, string>> = {
  string: 'str',
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  null: 'None',
};

/** JSON text of a string is a string of Python too. */
function literal(values: readonly unknown[]): string {
  const shown = values.filter((value) => value !== null).map((value) => pythonLiteral(value));
  const type = `Literal[${shown.join(', ')}]`;
  if (shown.length === values.length) return type;
  return shown.length === 0 ? 'None' : `${type} | None`;
}

export function pythonLiteral(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return JSON.stringify(value);
}

/** What may be a string or a number is money; it may then be a Decimal too. */
function union(types: readonly string[]): string {
  const each = [...new Set(types)];
  if (each.includes('Any')) return 'Any';
  const isMoney = each.includes('str') && each.includes('float');
  const rest = isMoney ? ['Money', ...each.filter((type) => type !== 'str' && type !== 'float')] : each;
  return rest.join(' | ');
}

export const camel = (name: string): string => name.split('_').map(upperFirst).join('');
export const snake = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Text as comments above what it describes. */
function remark(text: unknown, indent: string): string {
  if (typeof text !== 'string' || text === '') return '';
  return wrap(text, WIDTH - indent.length - 2)
    .map((line) => `${indent}# ${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** Text as a docstring; nothing for what is no text. */
export function docstring(text: unknown, indent: string): string {
  if (typeof text !== 'string' || text === '') return '';
  const safe = text.replaceAll('\\', '\\\\').replaceAll('"""', '\\"\\"\\"');
  const lines = wrap(safe.endsWith('"') ? `${safe} ` : safe, WIDTH - indent.length - 3);
  if (lines.length === 1) return `${indent}"""${lines[0]}"""\n`;
  const rest = lines.slice(1).map((line) => `${indent}${line}`.trimEnd());
  return [`${indent}"""${lines[0]}`, ...rest, `${indent}"""`].map((line) => `${line}\n`).join('');
}

/** Breaks each line at spaces, so that none is longer than `width` where it can be helped. */
function wrap(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => {
    let lead = /^ */.exec(line)![0];
    const lines: string[] = [];
    let current = '';
    for (const word of line.trimStart().split(' ')) {
      if (current !== '' && lead.length + current.length + 1 + word.length > width) {
        lines.push(lead + current);
        // What goes on an argument stands further in than its name.
        if (lines.length === 1 && lead !== '') lead = `${lead}    `;
        current = '';
      }
      current = current === '' ? word : `${current} ${word}`;
    }
    return [...lines, lead + current];
  });
}
