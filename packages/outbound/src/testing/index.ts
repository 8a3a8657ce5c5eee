export { BEHAVIOURS, type Behaviour, type BehaviourSettings } from './behaviours.ts';
export {
  createSelfSignedCertificate,
  createTestAuthority,
  type TestAuthority,
  type TestCertificate,
} from './certificates.ts';
export { type DnsAnswer, startTestDns, type TestDnsServer } from './dns-server.ts';
export {
  type HostileReceiver,
  type HostileReceiverOptions,
  type ReceivedRequest,
  startHostileReceiver,
} from './hostile-receiver.ts';
export { until } from './until.ts';
