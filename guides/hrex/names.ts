/** The canonicals and codes of HRex that its checks speak of. */
import type { Coding } from '../core/received.ts'

const canonical = 'http://hl7.org/fhir/us/davinci-hrex'
const hl7 = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`

export const profile = (name: string): string => `${canonical}/StructureDefinition/${name}`

export const policies = ['regular', 'sensitive'].map(
  (name) => `${canonical}/StructureDefinition-hrex-consent.html#${name}`,
)

export const codes = {
  memberNumber: { system: hl7('v2-0203'), code: 'MB' },
  uniqueMember: { system: `${canonical}/CodeSystem/hrex-temp`, code: 'UMB' },
  privacy: { system: hl7('consentscope'), code: 'patient-privacy' },
  disclosure: { system: hl7('v3-ActCode'), code: 'IDSCL' },
  disclose: { system: hl7('consentaction'), code: 'disclose' },
  performer: { system: hl7('provenance-participant-type'), code: 'performer' },
  recipient: { system: hl7('v3-ParticipationType'), code: 'IRCP' },
  group: { system: hl7('coverage-class'), code: 'group' },
  plan: { system: hl7('coverage-class'), code: 'plan' },
} as const satisfies Record<string, Coding>

export const birthSexExtension = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex'
/** System of a federal tax number. */
export const taxNumbers = 'urn:oid:2.16.840.1.113883.4.4'

/** True when one of the codings is that code. */
export const hasCoding = (codings: readonly Coding[], { system, code }: Coding): boolean =>
  codings.some((coding) => coding.system === system && coding.code === code)
