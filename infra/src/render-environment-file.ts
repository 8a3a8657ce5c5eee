import { APIS } from './apis.ts';
import { CONNECTOR, type Environment, GITHUB, ISOLATED_NETWORK, REPOSITORY } from './environments.ts';

/** The variables of the checklist, for a person's shell. */
export const renderEnvironmentFile = (environment: Environment): string => {
  const variables: Readonly<Record<string, string | number>> = {
    ENVIRONMENT: environment.name,
    PROJECT: environment.project,
    REGION: environment.region,
    DOMAIN: environment.domain ?? '',
    SQL: environment.sql.instance,
    SQL_TIER: environment.sql.tier,
    SQL_CONNECTIONS: environment.sql.connections,
    REPOSITORY,
    CONNECTOR,
    ISOLATED_NETWORK,
    GITHUB_OWNER: GITHUB.owner,
    GITHUB_NAME: GITHUB.name,
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'`);
  return `# The variables of ${environment.name}, to be sourced. Made from infra/src/environments.ts.
${lines.join('\n')}
APIS=(${APIS.join(' ')})
gcloud config set project "$PROJECT"
`;
};
