/** The parts of the stack, in the order in which they are shown. */
export const serviceNames = ['postgres', 'redis', 'emulator', 'test-runner', 'dispatcher', 'api'] as const;
export type ServiceName = (typeof serviceNames)[number];

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
