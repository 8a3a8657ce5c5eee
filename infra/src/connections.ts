import { type Environment, SERVICE_NAMES } from './environments.ts';
import { SERVICES } from './services.ts';

/** Cloud SQL keeps three for itself, and a person with a problem needs some too. */
export const RESERVED_CONNECTIONS = 6;
/** During a deploy the old revision's instances finish while the new one's start. */
const revisionsAtOnce = 2;
/** What the migrations' pool holds. */
const migrationConnections = 2;

/** The most connections to the database that there can be at once. */
export const peakConnections = ({ scale, poolMax, listens }: Environment): number => {
  const instances = SERVICE_NAMES.filter((name) => SERVICES[name].usesDatabase).map(
    (name) => scale[name].max,
  );
  const steady = instances.reduce((sum, max) => sum + max * poolMax, listens ? scale.api.max : 0);
  return steady * revisionsAtOnce + migrationConnections;
};
