// What an environment must have, each as one question to gcloud that only reads.
import { TASK_QUEUES, type TaskQueue } from '@agent-registry/schemas';
import { ACCOUNT_NAMES, ACCOUNTS, accountEmail, INVOKERS } from '../accounts.ts';
import { APIS } from '../apis.ts';
import { CONNECTOR, type Environment, ISOLATED_NETWORK, REPOSITORY, SERVICE_NAMES } from '../environments.ts';
import { alertsOf, LOG_METRICS } from '../monitoring.ts';
import { QUEUES } from '../queues.ts';
import { DASHBOARD } from '../render-monitoring.ts';
import { SECRET_NAMES } from '../secrets.ts';

type Answer = Readonly<Record<string, unknown>>;

export interface Question {
  /** The heading of the checklist in infra/README.md that makes what is asked for. */
  readonly step: string;
  readonly command: readonly string[];
  /** What is missing or differs, from what gcloud answers; nothing when all is well. */
  readonly problems: (answers: readonly Answer[]) => readonly string[];
}

const lastPart = (name: unknown): string => String(name).split('/').at(-1) ?? '';
const namesOf = (answers: readonly Answer[], field = 'name'): string[] =>
  answers.map((answer) => lastPart(answer[field]));
const at = (answer: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => (value as Answer | undefined)?.[key], answer);

const allOf =
  (what: string, wanted: readonly string[], field = 'name') =>
  (answers: readonly Answer[]): string[] => {
    const found = new Set(namesOf(answers, field));
    return wanted.filter((name) => !found.has(name)).map((name) => `${what} ${name} is missing`);
  };

/** One thing of a list, by name, whose fields must have these values. */
const oneWith =
  (what: string, name: string, fields: Readonly<Record<string, unknown>>) =>
  (answers: readonly Answer[]): string[] => {
    const found = answers.find(
      (answer) => lastPart(answer.name) === name || at(answer, 'metadata.name') === name,
    );
    if (found === undefined) return [`${what} ${name} is missing`];
    return Object.entries(fields)
      .filter(([path, value]) => String(at(found, path)) !== String(value))
      .map(
        ([path, value]) =>
          `${what} ${name}: ${path} is ${String(at(found, path))} and should be ${String(value)}`,
      );
  };

type Rules = readonly { readonly role: string; readonly members?: readonly string[] }[];

const grants =
  (what: string, wanted: readonly (readonly [role: string, member: string])[]) =>
  ([policy]: readonly Answer[]): string[] => {
    const bindings = (policy?.bindings ?? []) as Rules;
    const has = (role: string, member: string) =>
      bindings.some((binding) => binding.role === role && binding.members?.includes(member));
    return wanted
      .filter(([role, member]) => !has(role, member))
      .map(([role, member]) => `${what}: ${member} lacks ${role}`);
  };

const member = (account: (typeof ACCOUNT_NAMES)[number], environment: Environment): string =>
  `serviceAccount:${accountEmail(account, environment)}`;

/** Who may do what: a question for each thing that rights are granted on. */
const rightsOf = (environment: Environment): Question[] => {
  const { project, region } = environment;
  const holders = (may: (account: (typeof ACCOUNT_NAMES)[number]) => boolean, role: string) =>
    ACCOUNT_NAMES.filter(may).map((account) => [role, member(account, environment)] as const);
  const ask = (
    step: string,
    what: string,
    command: string[],
    wanted: ReturnType<typeof holders>,
  ): Question => ({
    step,
    command: [...command.slice(0, -1), 'get-iam-policy', ...command.slice(-1)],
    problems: grants(what, wanted),
  });
  const roles = ACCOUNT_NAMES.flatMap((account) =>
    ACCOUNTS[account].projectRoles.map((role) => [role, member(account, environment)] as const),
  );
  const accounts = '7. Queues, accounts and rights';
  return [
    ask(accounts, 'project', ['projects', project], roles),
    ...SECRET_NAMES.map((secret) =>
      ask(
        accounts,
        `secret ${secret}`,
        ['secrets', secret],
        holders((one) => ACCOUNTS[one].secrets.includes(secret), 'roles/secretmanager.secretAccessor'),
      ),
    ),
    ...TASK_QUEUES.map((queue) => {
      const wanted = holders((one) => ACCOUNTS[one].createsTasks, 'roles/cloudtasks.enqueuer');
      return ask(accounts, `queue ${queue}`, ['tasks', 'queues', `--location=${region}`, queue], wanted);
    }),
    ...ACCOUNT_NAMES.map((account) => {
      const mayActAs = (one: (typeof ACCOUNT_NAMES)[number]) =>
        ACCOUNTS[one].deploysAs.includes(account) ||
        (account === 'registry-tasks' && ACCOUNTS[one].createsTasks);
      const wanted = holders(mayActAs, 'roles/iam.serviceAccountUser');
      return ask(accounts, account, ['iam', 'service-accounts', accountEmail(account, environment)], wanted);
    }),
    ...SERVICE_NAMES.map((service) => {
      const invoker = INVOKERS[service];
      const who = invoker === 'allUsers' ? invoker : member(invoker, environment);
      const step = '8. The three services, and who may call them';
      return ask(
        step,
        service,
        ['run', 'services', `--region=${region}`, service],
        [['roles/run.invoker', who]],
      );
    }),
  ];
};

const queueFields = (environment: Environment, queue: TaskQueue) => {
  const settings = QUEUES[environment.name][queue];
  return {
    state: 'RUNNING',
    'rateLimits.maxDispatchesPerSecond': settings.maxDispatchesPerSecond,
    'rateLimits.maxConcurrentDispatches': settings.maxConcurrentDispatches,
    'retryConfig.maxAttempts': settings.maxAttempts,
    'retryConfig.minBackoff': `${settings.minBackoffSeconds}s`,
    'retryConfig.maxBackoff': `${settings.maxBackoffSeconds}s`,
    'retryConfig.maxDoublings': settings.maxDoublings,
  };
};

const listed = (step: string, command: string, problems: Question['problems']): Question => ({
  step,
  command: command.split(' '),
  problems,
});

/** Where everything else stands: that it can be read is asked before all the others. */
export const projectQuestion = ({ project }: Environment): Question =>
  listed('1. Project, billing and APIs', `projects describe ${project}`, ([answer]) =>
    answer?.lifecycleState === 'ACTIVE' ? [] : [`project ${project} is not active`],
  );

/** Every question about an environment whose project is there. */
export const questionsOf = (environment: Environment): Question[] => {
  const { project, region, domain, sql } = environment;
  const services = '8. The three services, and who may call them';
  const watched = '12. What is watched';
  const isolated = "3. The test-runner's network";
  const displayed = (what: string, names: readonly string[]) => (answers: readonly Answer[]) =>
    names
      .filter((name) => !answers.some(({ displayName }) => displayName === name))
      .map((name) => `${what} "${name}" is missing`);
  return [
    listed('1. Project, billing and APIs', `billing projects describe ${project}`, ([answer]) =>
      answer?.billingEnabled === true ? [] : ['billing is off'],
    ),
    listed('1. Project, billing and APIs', 'services list --enabled', allOf('API', APIS)),
    listed(
      '2. Artifact Registry, and the way to Memorystore',
      `artifacts repositories list --location=${region}`,
      allOf('repository', [REPOSITORY]),
    ),
    listed(
      '2. Artifact Registry, and the way to Memorystore',
      `compute networks vpc-access connectors list --region=${region}`,
      oneWith('connector', CONNECTOR, { state: 'READY' }),
    ),
    listed(isolated, 'compute networks list', allOf('network', [ISOLATED_NETWORK])),
    listed(
      isolated,
      'compute firewall-rules list',
      allOf('firewall rule', ['test-runner-deny-egress', 'test-runner-deny-ingress']),
    ),
    listed(
      '4. Cloud SQL',
      'sql instances list',
      oneWith('instance', sql.instance, { state: 'RUNNABLE', region, 'settings.tier': sql.tier }),
    ),
    listed(
      '4. Cloud SQL',
      `sql databases list --instance=${sql.instance}`,
      allOf('database', ['agent_registry']),
    ),
    listed(
      '5. Memorystore',
      `redis instances list --region=${region}`,
      oneWith('instance', 'agent-registry', {
        state: 'READY',
        authEnabled: true,
        'redisConfigs.maxmemory-policy': 'noeviction',
      }),
    ),
    listed('6. The other secrets', 'secrets list', allOf('secret', SECRET_NAMES)),
    listed('7. Queues, accounts and rights', `tasks queues list --location=${region}`, (answers) =>
      TASK_QUEUES.flatMap((queue) => oneWith('queue', queue, queueFields(environment, queue))(answers)),
    ),
    listed(services, `run services list --region=${region}`, (answers) =>
      SERVICE_NAMES.flatMap((service) =>
        oneWith('service', service, {
          'spec.template.spec.serviceAccountName': accountEmail(`registry-${service}`, environment),
        })(answers),
      ),
    ),
    ...rightsOf(environment),
    listed('9. First release', `builds triggers list --region=${region}`, allOf('trigger', ['release'])),
    listed(
      '10. The sweep',
      `scheduler jobs list --location=${region}`,
      oneWith('job', 'sweep', { state: 'ENABLED' }),
    ),
    ...(domain === null
      ? []
      : [
          listed(
            '11. The domain',
            `beta run domain-mappings list --region=${region}`,
            oneWith('mapping', domain, {}),
          ),
        ]),
    listed(watched, 'logging metrics list', allOf('metric', Object.keys(LOG_METRICS))),
    listed(watched, 'monitoring uptime list-configs', displayed('uptime check', ['ready'])),
    listed(
      watched,
      'alpha monitoring policies list',
      displayed(
        'alert',
        alertsOf(environment).map(({ name }) => name),
      ),
    ),
    listed(watched, 'monitoring dashboards list', displayed('dashboard', [DASHBOARD])),
  ];
};
