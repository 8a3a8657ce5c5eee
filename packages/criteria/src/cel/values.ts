/** Kinds of CEL values, as bits: a static type is the set of kinds that a value may have. */
export const kinds = {
  null_type: 1,
  bool: 2,
  int: 4,
  uint: 8,
  double: 16,
  string: 32,
  bytes: 64,
  list: 128,
  map: 256,
  type: 512,
  'google.protobuf.Timestamp': 1024,
  'google.protobuf.Duration': 2048,
} as const;
export type KindName = keyof typeof kinds;

export const ANY_KIND = 4095;
/** What JSON can hold: every number is a double. */
export const JSON_KINDS = kinds.null_type | kinds.bool | kinds.double | kinds.string | kinds.list | kinds.map;

export function kindNames(set: number): string {
  if (set === ANY_KIND) return 'any';
  return (Object.keys(kinds) as KindName[]).filter((name) => (set & kinds[name]) !== 0).join('|');
}

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}
class Nanoseconds {
  readonly nanos: bigint;
  constructor(nanos: bigint) {
    this.nanos = nanos;
  }
}
/** Since 1970 in UTC. */
export class Timestamp extends Nanoseconds {}
export class Duration extends Nanoseconds {}
export class TypeValue {
  readonly type: string;
  constructor(type: string) {
    this.type = type;
  }
}
/** An error is a value: `false && error` is false. */
export class CelError {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

/** Numeric keys are equal across types, so all of them are kept as integers. */
export type MapKey = string | boolean | bigint;

export class CelMap {
  readonly entries: ReadonlyMap<MapKey, Value>;
  private readonly uintKeys: ReadonlySet<MapKey>;
  constructor(entries: ReadonlyMap<MapKey, Value>, uintKeys: ReadonlySet<MapKey> = new Set()) {
    this.entries = entries;
    this.uintKeys = uintKeys;
  }
  keys(): Value[] {
    return [...this.entries.keys()].map((key) =>
      typeof key === 'bigint' && this.uintKeys.has(key) ? new Uint(key) : key,
    );
  }
}

/** A double is a number, an int a bigint. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | readonly Value[]
  | Uint
  | Timestamp
  | Duration
  | TypeValue
  | CelMap;
export type Result = Value | CelError;

export function kindOf(value: Value): KindName {
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'string':
      return 'string';
  }
  if (value === null) return 'null_type';
  if (Array.isArray(value)) return 'list';
  if (value instanceof CelMap) return 'map';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  return value instanceof Duration ? 'google.protobuf.Duration' : 'type';
}

/** The key that a value stands for in a map; undefined for what cannot be one. */
export function mapKey(value: Value): MapKey | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint') return value;
  if (value instanceof Uint) return value.value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

/** A JSON value as CEL sees it: objects become maps, whose members have no meaning but their names. */
export function fromJson(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromJson);
  if (typeof value !== 'object' || value === null) return value as Value;
  return new CelMap(new Map(Object.entries(value).map(([key, member]) => [key, fromJson(member)])));
}
