/** The flows of the ledgers: what they are called, and in which order an exchange goes through them. */

const flowNames: Readonly<Record<string, string>> = {
  TF: 'Trust framework',
  MTLS: 'Mutual TLS',
  DCR: 'Client registration',
  TOK: 'Tokens',
  MM: 'Member match',
  BMM: 'Bulk member match',
  RET: 'Retrieval',
  EXP: 'Bulk export',
  DATA: 'What the data holds',
  PROV: 'Provenance',
  CAP: 'Declared capabilities',
  GEN: 'General rules',
  MAO: 'Member-authorized exchange',
  PA1: 'Patient access',
  PA2: 'Provider access',
  CDS: 'Decision support',
  TASK: 'Tasks',
}
/** `Member match` for `MM`; other flows go by their own name. */
export const flowName = (flow: string): string =>
  flowNames[flow] ?? `${flow.charAt(0).toUpperCase()}${flow.slice(1).replaceAll('-', ' ')}`

/** The order in which an exchange happens; flows that it does not know come after, as the catalogue has them. */
export const flowOrder = ['GEN', 'TF', 'MTLS', 'CAP', 'DCR', 'TOK', 'MM', 'BMM', 'RET', 'EXP', 'DATA', 'PROV']
