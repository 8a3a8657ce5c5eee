/** The parts of the stack, in the order in which they are shown. */
const serviceNames = ['postgres', 'redis', 'emulator', 'test-runner', 'dispatcher', 'api'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** Of what there may be several instances: the first is named as ever, the next `api-2`, `dispatcher-2`. */
export const replicatedServices = ['dispatcher', 'api'] as const;
export type ReplicatedService = (typeof replicatedServices)[number];
export type InstanceName = ServiceName | `${ReplicatedService}-${number}`;
/** Each holds two pools of connections, of the hundred that the local Postgres has. */
export const INSTANCES_MAX = 4;

/** The name of the nth instance, counted from 0. */
export const instanceName = (service: ReplicatedService, index: number): InstanceName =>
  index === 0 ? service : `${service}-${index + 1}`;

/** What listens; the emulator does so twice, for tasks (gRPC) and as the issuer of tokens (HTTP). */
export type PortName = ServiceName | 'token-issuer';
export type Ports = Readonly<Record<PortName, number>>;

export const defaultPorts: Ports = {
  api: 8000,
  dispatcher: 8001,
  'test-runner': 8002,
  emulator: 8003,
  'token-issuer': 8004,
  postgres: 8005,
  redis: 8006,
};

export const portNames = Object.keys(defaultPorts) as PortName[];

/** `--api-port`, and the environment variable that says the same. */
export const portFlag = (name: PortName): string => `${name}-port`;
export const portVariable = (name: PortName): string =>
  `STACK_${name.toUpperCase().replaceAll('-', '_')}_PORT`;
