import { type CardFlaw, type CardSuggestions, foldName, nameIn, storableText } from '@agent-registry/schemas';

/** A JSON object that a stranger wrote. */
type Json = Readonly<Record<string, unknown>>;

/** What was made of a card: what it suggests and each flaw, or, where it is none, why not. */
export type CardReading =
  | {
      readonly ok: true;
      readonly card: Json;
      readonly protocolVersion: string | null;
      readonly flaws: CardFlaw[];
      readonly suggestions: CardSuggestions;
    }
  | { readonly ok: false; readonly flaws: CardFlaw[] };

const DEPTH_MAX = 32;
const FLAWS_MAX = 50;
const DRAFTS_MAX = 50;
const TAGS_MAX = 20;
const TEXT_CHARS_MAX = 4_096;
const TAG_CHARS_MAX = 64;
const VERSION_CHARS_MAX = 32;
const FLAW_CHARS_MAX = 200;

const displayName = nameIn(128);
const skillId = nameIn(64);
/** Members of A2A 1.0, and those of 0.2 and 0.3 that it has given up. */
const CARD_MEMBERS = new Set(
  `name description version supportedInterfaces provider documentationUrl iconUrl capabilities securitySchemes securityRequirements
  defaultInputModes defaultOutputModes skills signatures url protocolVersion preferredTransport additionalInterfaces security
  authentication supportsAuthenticatedExtendedCard`.split(/\s+/),
);
const SKILL_MEMBERS = new Set(
  'id name description tags examples inputModes outputModes security securityRequirements'.split(' '),
);
const PLACEHOLDER =
  /(^|\.)(example(\.(com|org|net))?|localhost|test|invalid)$|^127\.|your|placeholder|changeme/i;

type Note = (path: string, message: string) => void;

/**
 * Reads an A2A agent card of any version, leniently: flaws are noted, and the rest is taken. Never throws. Everything in the
 * answer can be stored and shown.
 */
export function readAgentCard(text: string): CardReading {
  const flaws: CardFlaw[] = [];
  const note: Note = (path, message) => {
    if (flaws.length < FLAWS_MAX)
      flaws.push({
        path: storableText(path, FLAW_CHARS_MAX),
        message: storableText(message, FLAW_CHARS_MAX),
      });
  };
  const card = parseCard(text, note);
  if (card === null) return { ok: false, flaws };
  const protocolVersion = readVersion(card, note);
  noteUnknown(card, CARD_MEMBERS, '', note);
  noteShapes(card, note);
  noteAddresses(card, note);
  const suggestions = {
    display_name: readName(displayName, card.name, 'name', note),
    description: readText(card, 'description', 'description', note),
    listings: readSkills(card.skills, note),
  };
  return { ok: true, card, protocolVersion, flaws, suggestions };
}

function parseCard(text: string, note: Note): Json | null {
  let value: unknown;
  try {
    value = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    note('', 'is not JSON');
    return null;
  }
  if (!isObject(value)) note('', `must be an object, is ${kindOf(value)}`);
  else if (isDeeper(value, DEPTH_MAX)) note('', `is nested deeper than ${DEPTH_MAX}`);
  else if (typeof value.name !== 'string' && !Array.isArray(value.skills))
    note('', 'is no agent card: it has neither a name nor skills');
  else return value;
  return null;
}

function readVersion(card: Json, note: Note): string | null {
  const { supportedInterfaces: interfaces, protocolVersion } = card;
  const said = typeof protocolVersion === 'string' ? storableText(protocolVersion, VERSION_CHARS_MAX) : null;
  if (Array.isArray(interfaces)) {
    const own = interfaces.find((item) => isObject(item) && typeof item.protocolVersion === 'string') as Json;
    const isMissing = (item: unknown) => isObject(item) && typeof item.protocolVersion !== 'string';
    for (const [index, item] of interfaces.entries())
      if (isMissing(item)) note(`supportedInterfaces.${index}.protocolVersion`, 'is missing: taken for 1.0');
    return own === undefined ? (said ?? '1.0') : storableText(String(own.protocolVersion), VERSION_CHARS_MAX);
  }
  note('supportedInterfaces', 'is missing: A2A 1.0 names there how the agent is reached');
  if (said !== null) return said;
  note('protocolVersion', 'is missing: by its members the card is older than A2A 1.0');
  return typeof card.url === 'string' ? '0.2' : null;
}

function noteUnknown(value: Json, known: ReadonlySet<string>, at: string, note: Note): void {
  for (const name of Object.keys(value))
    if (!known.has(name)) note(under(at, name), 'is not known to A2A: ignored');
}

/** Notes members that A2A 1.0 requires and that are missing, and members of the wrong type. */
function noteShapes(card: Json, note: Note): void {
  if (typeof card.version !== 'string') note('version', wrong(card.version, 'a text'));
  if (!isObject(card.capabilities)) note('capabilities', wrong(card.capabilities, 'an object'));
  for (const name of ['defaultInputModes', 'defaultOutputModes'])
    if (!isTexts(card[name])) note(name, wrong(card[name], 'a list of texts'));
  const { signatures } = card;
  if (signatures === undefined) return;
  if (!Array.isArray(signatures)) note('signatures', wrong(signatures, 'a list'));
  else
    for (const [index, signature] of signatures.entries())
      if (
        !isObject(signature) ||
        typeof signature.protected !== 'string' ||
        typeof signature.signature !== 'string'
      )
        note(
          `signatures.${index}`,
          isObject(signature) ? 'lacks protected or signature' : wrong(signature, 'an object'),
        );
}

function noteAddresses(card: Json, note: Note): void {
  for (const name of ['url', 'documentationUrl', 'iconUrl'])
    if (card[name] !== undefined) noteAddress(card[name], name, note);
  if (isObject(card.provider) && card.provider.url !== undefined)
    noteAddress(card.provider.url, 'provider.url', note);
  for (const list of ['supportedInterfaces', 'additionalInterfaces']) {
    const items = card[list];
    if (items !== undefined && !Array.isArray(items)) note(list, wrong(items, 'a list'));
    for (const [index, item] of (Array.isArray(items) ? items : []).entries())
      if (isObject(item)) noteAddress(item.url, `${list}.${index}.url`, note);
      else note(`${list}.${index}`, wrong(item, 'an object'));
  }
}

function noteAddress(value: unknown, path: string, note: Note): void {
  if (typeof value !== 'string') note(path, wrong(value, 'an address'));
  else if (!URL.canParse(value)) note(path, 'is not an address');
  else {
    const { hostname, protocol, href } = new URL(value);
    if (PLACEHOLDER.test(hostname) || /[<>{}]|%7B|%3C/i.test(href)) note(path, 'is a placeholder');
    else if (protocol !== 'https:' && protocol !== 'grpc:') note(path, 'is not https');
  }
}

function readSkills(skills: unknown, note: Note): CardSuggestions['listings'] {
  if (!Array.isArray(skills)) {
    note('skills', wrong(skills, 'a list'));
    return [];
  }
  const drafts = new Map<string, CardSuggestions['listings'][number]>();
  for (const [index, skill] of skills.entries()) {
    const at = `skills.${index}`;
    if (drafts.size >= DRAFTS_MAX) {
      note('skills', `has more than ${DRAFTS_MAX}: the others are left out`);
      break;
    }
    const draft = isObject(skill) ? readSkill(skill, at, note) : null;
    if (!isObject(skill)) note(at, wrong(skill, 'an object'));
    if (draft === null) continue;
    const key = foldName(draft.skill_id);
    if (drafts.has(key)) note(`${at}.id`, 'names a skill that is there before: left out');
    else drafts.set(key, draft);
  }
  return [...drafts.values()];
}

function readSkill(skill: Json, at: string, note: Note): CardSuggestions['listings'][number] | null {
  noteUnknown(skill, SKILL_MEMBERS, at, note);
  const hasId = skill.id !== undefined && skill.id !== null;
  if (!hasId) note(`${at}.id`, 'is missing: the name is taken');
  const id = readName(skillId, hasId ? skill.id : skill.name, under(at, hasId ? 'id' : 'name'), note);
  if (hasId && typeof skill.name !== 'string') note(`${at}.name`, wrong(skill.name, 'a text'));
  if (!isTexts(skill.tags)) note(`${at}.tags`, wrong(skill.tags, 'a list of texts'));
  if (id === null) return null;
  const tags = (Array.isArray(skill.tags) ? skill.tags : []).filter((tag) => typeof tag === 'string');
  return {
    skill_id: id,
    description: readText(skill, 'description', `${at}.description`, note),
    tags: tags.slice(0, TAGS_MAX).map((tag) => storableText(tag, TAG_CHARS_MAX)),
  };
}

function readName(schema: typeof displayName, value: unknown, path: string, note: Note): string | null {
  const parsed = schema.safeParse(typeof value === 'string' ? value.toWellFormed() : value);
  if (parsed.success) return parsed.data;
  note(
    path,
    typeof value === 'string' ? (parsed.error.issues[0]?.message ?? 'is no name') : wrong(value, 'a text'),
  );
  return null;
}

function readText(from: Json, name: string, path: string, note: Note): string | null {
  const value = from[name];
  if (typeof value !== 'string' || value.trim() === '') {
    note(path, value === '' ? 'is empty' : wrong(value, 'a text'));
    return null;
  }
  if (value.length > TEXT_CHARS_MAX) note(path, `is longer than ${TEXT_CHARS_MAX} characters: cut`);
  return storableText(value, TEXT_CHARS_MAX);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function wrong(value: unknown, wanted: string): string {
  return value === undefined ? 'is missing' : `must be ${wanted}, is ${kindOf(value)}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function under(at: string, name: string): string {
  return at === '' ? name : `${at}.${name}`;
}

/** Breadth-first, so that no depth overflows the stack. */
function isDeeper(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let left = depth; left > 0 && level.length > 0; left -= 1)
    level = level.flatMap((item) => (typeof item === 'object' && item !== null ? Object.values(item) : []));
  return level.length > 0;
}
