import { join } from 'node:path';
import kafkajs, { type AclEntry, Kafka } from 'kafkajs';
import { makeCertificates } from '../support/certificates.ts';
import { type SecureKafka, startSecureKafka } from '../support/secure-kafka.ts';

export const PASSWORD = 'correct-horse-battery';
const INSTRUCTOR = { name: 'instructor', password: PASSWORD };

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;
const { ALTER, CREATE, DELETE, DESCRIBE, READ, WRITE } = AclOperationTypes;
const { ALTER_CONFIGS, DESCRIBE_CONFIGS } = AclOperationTypes;

/** What docs/instructors.md says that a learner has to be allowed to, and no more. */
const RIGHTS = [
  {
    on: AclResourceTypes.TOPIC,
    operations: [CREATE, DELETE, DESCRIBE, READ, WRITE, ALTER, DESCRIBE_CONFIGS],
  },
  { on: AclResourceTypes.GROUP, operations: [READ, DESCRIBE, DELETE] },
  { on: AclResourceTypes.GROUP, operations: [DESCRIBE_CONFIGS, ALTER_CONFIGS] }, // share groups
  { on: AclResourceTypes.TRANSACTIONAL_ID, operations: [WRITE, DESCRIBE] },
];

/** One Kafka with TLS and SCRAM, whose learners may use names of their own only. */
export interface Classroom {
  kafka: SecureKafka;
  /** The variables by which somebody comes in. */
  environment(user: string): Record<string, string>;
  /** Adds a right that no learner needs: to describe the cluster, by which Kafka tells the names of all groups. */
  showNames(user: string): Promise<void>;
}

/** Starts it in a folder. A learner's prefix is the name that the learner logs in with. */
export async function openClassroom(folder: string, learners: string[]): Promise<Classroom> {
  const { ca, keystore } = makeCertificates(folder);
  const others = learners.map((name) => ({ name, password: PASSWORD }));
  const plain = { name: 'nobody', password: PASSWORD };
  const users = { keystore, admin: INSTRUCTOR, plain, others };
  const kafka = await startSecureKafka(join(folder, 'kafka'), users);
  await allow(kafka, learners.flatMap(rightsOf));
  const environment = (user: string) => ({
    KAFKA_BOOTSTRAP_SERVERS: kafka.saslSsl,
    KAFKA_SSL_CA: ca,
    KAFKA_SASL_MECHANISM: 'scram-sha-256',
    KAFKA_SASL_USERNAME: user,
    KAFKA_SASL_PASSWORD: PASSWORD,
    KAFKA_LAB_PREFIX: user,
  });
  return { kafka, environment, showNames: (user) => allow(kafka, [describingCluster(user)]) };
}

const allowed = (user: string) => ({
  principal: `User:${user}`,
  host: '*',
  permissionType: AclPermissionTypes.ALLOW,
});

function describingCluster(user: string): AclEntry {
  return {
    ...allowed(user),
    operation: DESCRIBE,
    resourceType: AclResourceTypes.CLUSTER,
    resourceName: 'kafka-cluster',
    resourcePatternType: ResourcePatternTypes.LITERAL,
  };
}

function rightsOf(learner: string): AclEntry[] {
  return RIGHTS.flatMap(({ on, operations }) =>
    operations.map((operation) => ({
      ...allowed(learner),
      operation,
      resourceType: on,
      resourceName: `${learner}.`,
      resourcePatternType: ResourcePatternTypes.PREFIXED,
    })),
  );
}

async function allow(kafka: SecureKafka, acl: AclEntry[]): Promise<void> {
  const admin = new Kafka({ brokers: [kafka.plaintext] }).admin();
  await admin.connect();
  await admin.createAcls({ acl });
  await admin.disconnect();
}
