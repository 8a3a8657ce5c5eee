#!/usr/bin/env node
// Stands in for gcloud in a test: writes down every command, remembers what was made, refuses what needs something that was not,
// and answers what the checklist asks. State is a JSON file named by FAKE_GCLOUD_STATE.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const file = process.env.FAKE_GCLOUD_STATE;
const state = existsSync(file)
  ? JSON.parse(readFileSync(file, 'utf8'))
  : { commands: [], made: {}, secrets: {} };
const args = process.argv.slice(2);
const words = args.filter((arg) => !/^(--.*|alpha|beta)$/.test(arg));
const flags = Object.fromEntries(
  args
    .filter((arg) => arg.startsWith('--'))
    .map((arg) => [arg.slice(2).split('=', 1)[0], arg.slice(arg.indexOf('=') + 1)]),
);
const readsStdin = flags['data-file'] === '-' || words.join(' ').startsWith('sql connect');
const stdin = readsStdin ? readFileSync(0, 'utf8') : '';
state.commands.push({ args, stdin });
const finish = (code, answer = '') => {
  writeFileSync(file, JSON.stringify(state));
  process.stdout.write(answer);
  process.exit(code);
};
const fail = (message) => {
  process.stderr.write(`ERROR: ${message}\n`);
  finish(1);
};
if (args.some((arg) => /^--[a-z-]+=$/.test(arg)) || words.includes(''))
  fail(`an empty argument: ${args.join(' ')}`);

const makers = ['create', 'deploy', 'enable', 'replace'];
const verbs = [
  ...makers,
  ...[
    'describe',
    'list',
    'list-configs',
    'link',
    'set',
    'set-password',
    'connect',
    'access',
    'add',
    'update',
    'delete',
    'execute',
  ],
  ...[
    'add-iam-policy-binding',
    'get-auth-string',
    'update-traffic',
    'run',
    'pause',
    'resume',
    'clone',
    'patch',
    'purge',
  ],
];
const from = words[0] === 'run' ? 1 : 0;
const at = words.findIndex((word, index) => index >= from && verbs.includes(word));
const verb = words[at];
const group = verb === 'deploy' ? 'run services' : words.slice(0, at).join(' ');
const manifest = verb === 'replace' ? readFileSync(words[at + 1], 'utf8') : '';
const kinds = ['http', 'github'];
const rest = words.slice(at + 1).filter((word) => !kinds.includes(word));
const name = (/^metadata:\n {2}name: "(.*)"$/m.exec(manifest)?.[1] ?? flags.name ?? rest[0] ?? '').replace(
  /@.*/,
  '',
);
const key = (kind, one) => `${kind} ${one}`;
const mustExist = (kind, one) => {
  if (state.made[key(kind, one)] === undefined) fail(`NOT_FOUND: ${kind} ${one}`);
};

const isAboutProject = group === 'projects' || group.startsWith('billing') || group === 'config';
if (!isAboutProject) mustExist('projects', process.env.PROJECT ?? flags.project);
if (!isAboutProject && group !== 'services') mustExist('services', 'enabled');

const owner = {
  'sql databases': 'sql instances',
  'sql users': 'sql instances',
  'sql backups': 'sql instances',
}[group];
if (owner !== undefined) mustExist(owner, flags.instance);
if (group === 'compute networks subnets' || group === 'compute firewall-rules')
  mustExist('compute networks', flags.network);
if (group === 'run domain-mappings') mustExist('run services', flags.service);
if (flags['service-account'] !== undefined)
  mustExist('iam service-accounts', flags['service-account'].split('/').at(-1).replace(/@.*/, ''));
if (flags.member?.startsWith('serviceAccount:'))
  mustExist('iam service-accounts', flags.member.slice('serviceAccount:'.length).replace(/@.*/, ''));

if (group === 'config' || group.startsWith('billing')) {
  if (verb === 'link') mustExist('projects', name);
  finish(0, verb === 'list' ? 'billingAccounts/000000-000000-000000\n' : '');
}
if (verb === 'list' || verb === 'list-configs') finish(0);
if (group === 'services') {
  state.made['services enabled'] = rest;
  finish(0);
}
if (makers.includes(verb)) {
  if (verb === 'create' && name !== '' && state.made[key(group, name)] !== undefined)
    fail(`ALREADY_EXISTS: ${group} ${name}`);
  state.made[key(group, name)] = args;
  if (group === 'secrets') state.secrets[name] = stdin;
  finish(0, group.startsWith('monitoring') ? `${group.split(' ').at(-1)}/1\n` : '');
}
if (group === 'secrets versions') {
  mustExist('secrets', verb === 'access' ? flags.secret : name);
  if (verb === 'add') state.secrets[name] = stdin;
  finish(0, verb === 'access' ? state.secrets[flags.secret] : '');
}
const resource = { 'run revisions': null, 'sql users': null, sql: 'sql instances' }[group];
if (resource !== null) mustExist(resource ?? group, name);
if (group === 'projects' && verb === 'describe') finish(0, '123456789012\n');
if (verb === 'get-auth-string') finish(0, 'c0ffee-auth-string\n');
if (group === 'redis instances' && verb === 'describe') finish(0, '10.0.0.3\n');
if (group === 'run services' && verb === 'describe')
  finish(0, '\tdispatcher-00001-old\n100\tdispatcher-00002-new\n');
if (group === 'run revisions' && verb === 'describe') finish(0, '0123456789abcdef0123456789abcdef01234567\n');
finish(0);
