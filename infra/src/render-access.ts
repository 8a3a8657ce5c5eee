import { TASK_QUEUES } from '@agent-registry/schemas';
import { ACCOUNT_NAMES, ACCOUNTS, type AccountName, accountEmail, INVOKERS } from './accounts.ts';
import { anchorBucket, type Environment, SERVICE_NAMES } from './environments.ts';

const bindingsOf = (account: AccountName): string[] => {
  const { projectRoles, createsTasks, writesAnchor, secrets, deploysAs } = ACCOUNTS[account];
  return [
    ...projectRoles.map((role) => `project_role ${account} ${role}`),
    ...(createsTasks ? TASK_QUEUES.map((queue) => `may_enqueue ${account} ${queue}`) : []),
    ...(createsTasks ? [`may_act_as ${account} registry-tasks`] : []),
    ...(writesAnchor ? [`may_anchor ${account}`] : []),
    ...deploysAs.map((other) => `may_act_as ${account} ${other}`),
    ...secrets.map((secret) => `may_read ${account} ${secret}`),
  ];
};

const describe = (account: AccountName): string =>
  [`# ${account} ${ACCOUNTS[account].purpose}`, ...bindingsOf(account)].join('\n');

const member = (environment: Environment): string => accountEmail('$1' as AccountName, environment);

const functions = (environment: Environment): string => `project=${environment.project}
region=${environment.region}

account() {
  gcloud iam service-accounts describe "${member(environment)}" --project="$project" >/dev/null 2>&1 \\
    || gcloud iam service-accounts create "$1" --project="$project"
}
project_role() {
  gcloud projects add-iam-policy-binding "$project" --condition=None --role="$2" \\
    --member="serviceAccount:${member(environment)}" >/dev/null
}
may_enqueue() {
  gcloud tasks queues add-iam-policy-binding "$2" --project="$project" --location="$region" \\
    --role=roles/cloudtasks.enqueuer --member="serviceAccount:${member(environment)}" >/dev/null
}
may_act_as() {
  gcloud iam service-accounts add-iam-policy-binding "$2@$project.iam.gserviceaccount.com" --project="$project" \\
    --role=roles/iam.serviceAccountUser --member="serviceAccount:${member(environment)}" >/dev/null
}
# Create and read, but neither overwrite nor delete.
may_anchor() {
  for role in roles/storage.objectCreator roles/storage.objectViewer; do
    gcloud storage buckets add-iam-policy-binding "gs://${anchorBucket(environment)}" --project="$project" --role="$role" \\
      --member="serviceAccount:${member(environment)}" >/dev/null
  done
}
may_read() {
  gcloud secrets add-iam-policy-binding "$2" --project="$project" \\
    --role=roles/secretmanager.secretAccessor --member="serviceAccount:${member(environment)}" >/dev/null
}`;

/** A script for a person: the service accounts and what each may do. */
export const renderAccounts = (environment: Environment): string =>
  `#!/usr/bin/env bash
# The service accounts of ${environment.name} and what they may do. Run by a person, after the secrets and queues exist.
# Made from infra/src/accounts.ts. Running it again changes nothing.
set -euo pipefail

${functions(environment)}

# All of them first, since some may act as others.
${ACCOUNT_NAMES.map((name) => `account ${name}`).join('\n')}

${ACCOUNT_NAMES.map((name) => describe(name)).join('\n\n')}
`;

const invoker = (environment: Environment, who: 'allUsers' | AccountName): string =>
  who === 'allUsers' ? 'allUsers' : `serviceAccount:${accountEmail(who, environment)}`;

/** A script for a person: who may call which service. For after the first deploy, since a service must exist to be bound. */
export const renderInvokers = (environment: Environment): string =>
  `#!/usr/bin/env bash
# Who may call which service of ${environment.name}. Run by a person, once, after the first deploy. Made from infra/src/accounts.ts.
set -euo pipefail

may_call() {
  gcloud run services add-iam-policy-binding "$1" --project=${environment.project} --region=${environment.region} \\
    --role=roles/run.invoker --member="$2" >/dev/null
}

${SERVICE_NAMES.map((service) => `may_call ${service} ${invoker(environment, INVOKERS[service])}`).join('\n')}
`;
