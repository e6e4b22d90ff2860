/** The one who may log in. */
export const USER = 'lab';

/**
 * What Qpid is to be at its start, as JSON: one user, one port for AMQP 0-9-1 on 127.0.0.1 that the system chooses, and all
 * messages in memory.
 */
export function initialConfiguration(password: string): string {
  return JSON.stringify({
    name: 'kafka-lab',
    modelVersion: '9.0',
    authenticationproviders: [
      {
        name: 'users',
        type: 'Plain',
        // Nothing here leaves the machine; with the default no password would be taken without TLS.
        secureOnlyMechanisms: [],
        users: [{ name: USER, type: 'managed', password }],
      },
    ],
    brokerloggers: [
      {
        name: 'console',
        type: 'Console',
        brokerloginclusionrules: [
          { name: 'all', type: 'NameAndLevel', level: 'WARN', loggerName: 'ROOT' },
          { name: 'told', type: 'NameAndLevel', level: 'INFO', loggerName: 'qpid.message.*' },
        ],
      },
    ],
    ports: [
      {
        name: 'amqp',
        port: 0,
        protocols: ['AMQP_0_9_1'],
        bindingAddress: '127.0.0.1',
        authenticationProvider: 'users',
        virtualhostaliases: [{ name: 'default', type: 'defaultAlias' }],
      },
    ],
    virtualhostnodes: [
      {
        name: 'default',
        type: 'Memory',
        defaultVirtualHostNode: 'true',
        virtualHostInitialConfiguration: '{"type":"Memory"}',
      },
    ],
  });
}
