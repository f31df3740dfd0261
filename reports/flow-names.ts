/**
 * The flows as a reader of reports knows them. The ledgers of supporting guides divide finer (`jwks`, `udap-token`); those
 * belong to the flow of the exchange in which they matter. Listed in the order in which an exchange goes through them.
 */
const flows: readonly (readonly [flow: string, name: string, parts: string])[] = [
  ['GEN', 'General rules', 'media errors update create write'],
  [
    'TF',
    'Trust framework',
    'trust onboarding bundle endpoint organization publication revocation refresh migration discovery ndh-api',
  ],
  ['MTLS', 'Mutual TLS', 'mtls hrex'],
  ['DISC', 'Discovery', 'smart-discovery as-metadata udap-discovery'],
  ['CAP', 'Declared capabilities', 'capability'],
  ['DCR', 'Client registration', 'dcr dcr-manage udap-registration'],
  ['TOK', 'Tokens', 'token jwt jwks scopes resource introspection udap-token member-token'],
  ['MM', 'Member match', ''],
  ['BMM', 'Bulk member match', ''],
  ['RET', 'Retrieval', 'search paging include summary everything read operation'],
  ['EXP', 'Export', 'kick-off status manifest files output params delete security pattern publish'],
  ['DATA', 'What the data holds', 'must-support missing-data'],
  ['PROV', 'Provenance', ''],
  ['MAO', 'Member-authorized exchange', ''],
  ['PA1', 'Provider access by attribution', ''],
  ['PA2', 'Provider access by attestation', ''],
  ['CDS', 'Decision support', ''],
  ['TASK', 'Tasks', ''],
  ['DQ', 'Direct query', ''],
  ['TB', 'Task-based request', 'TB-Q'],
  ['ATT', 'Attachments', 'ATT-Q ATT-REQ ATT-SEND'],
  ['SUB', 'Subscriptions', ''],
  ['SIG', 'Signatures', ''],
  ['SEC', 'Security and privacy', ''],
]

const names = new Map(flows.map(([flow, name]) => [flow, name]))
const wholes = new Map(
  flows.flatMap(([flow, , parts]) => parts.split(' ').flatMap((part) => (part ? [[part, flow] as const] : []))),
)

/** The flow that a flow of a ledger belongs to: `TOK` for `jwks`, the first of several, itself for the rest. */
export function flowOf(flow: string): string {
  const first = flow.split(';', 1)[0] as string
  return wholes.get(first) ?? first
}

/** `Member match` for `MM`; flows that nobody named go by their own name. */
export const flowName = (flow: string): string =>
  names.get(flow) ?? `${flow.charAt(0).toUpperCase()}${flow.slice(1).replaceAll('-', ' ')}`

/** The order in which reports list flows; those that it does not know come after, as the catalogue has them. */
export const flowOrder: readonly string[] = flows.map(([flow]) => flow)
