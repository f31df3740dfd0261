/** What the CapabilityStatements of PDex ask of a whole server: status codes, formats, parameters, operations (CapStmt pdex-server ...). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { claims, conformances } from '../../conformance/conformance.ts'
import { payload } from '../../conformance/payload.ts'
import { undeclared } from '../../core/checks/capability.ts'
import { versionFindings } from '../../core/checks/read.ts'
import { few, hasToken, isMistaken, requests, status } from '../../core/judging.ts'
import { claimedProfiles, keyOf } from '../../core/received.ts'
import { asked, succeeded } from '../../core/rest.ts'
import { declared } from '../../core/statement.ts'
import { legalProfiles, payloadTypes } from '../profiles.ts'

const usCorePatient = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient'

export const whatWorksIsDeclared = check(
  'PDEX-002',
  'SHALL',
  'Every type and operation that can be reached is declared',
  undeclared,
)

/** Types of the table that this server declares. */
function declaredPayload(transcript: Transcript, scene: Scene): string[] {
  const statement = declared(transcript, scene)
  return payloadTypes.filter(({ type, beyond }) => !beyond && statement?.types.has(type)).map(({ type }) => type)
}

export const readAndSearchAreThere = check(
  'PDEX-003',
  'SHALL',
  'Each payload type can be read and searched',
  (transcript, scene) => {
    const types = declaredPayload(transcript, scene)
    const made = requests(
      transcript,
      scene,
      ({ interaction }, x) =>
        (interaction === 'read' || interaction === 'search-type') &&
        x.from === scene.requester &&
        hasToken(x) &&
        !isMistaken(x),
    )
    const findings: Finding[] = []
    const open: string[] = []
    for (const type of types)
      for (const code of ['read', 'search-type'] as const) {
        // Medication and Provenance are read, and reached by include: no statement asks to search them.
        if (code === 'search-type' && (type === 'Medication' || type === 'Provenance')) continue
        const tried = made.filter(
          (x) => asked(x).type === type && asked(x).interaction === code && x.intent.state === undefined,
        )
        if (tried.length === 0) open.push(`${code} of ${type}`)
        else if (!tried.some(succeeded))
          findings.push(...tried.slice(0, 1).flatMap((x) => status(x, [200, 304], `${code} of ${type} is supported`)))
      }
    if (types.length === 0) return [undecided(undefined, 'no payload type is declared')]
    return [
      ...few(findings),
      ...(open.length > 0
        ? [undecided(undefined, `nobody tried ${open.slice(0, 6).join(', ')}${open.length > 6 ? ' …' : ''}`)]
        : []),
    ]
  },
)

export const versionsWork = check(
  'PDEX-004',
  'MAY',
  'vread and history work where they are declared',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const made = requests(
      transcript,
      scene,
      ({ interaction }, x) =>
        ['vread', 'history-instance'].includes(interaction) && x.from === scene.requester && !isMistaken(x),
    )
    const offering = made.filter((x) =>
      statement?.types.get(asked(x).type ?? '')?.interactions.has(asked(x).interaction),
    )
    if (offering.length === 0) return [undecided(made[0], 'vread and history are not declared, or were not tried')]
    return few(offering.flatMap(versionFindings))
  },
)

export const patientIsSupported = check('PDEX-327', 'SHALL', 'US Core Patient is supported', (transcript, scene) => {
  const statement = declared(transcript, scene)
  const onType = statement?.types.get('Patient')
  if (!onType) return [unmet(statement?.exchange, 'undeclared', 'Patient is not declared', { expected: 'Patient' })]
  const named = onType.profiles.some((profile) => profile.split('|')[0] === usCorePatient)
  const patients = conformances(transcript, scene, validate, ({ resourceType }) => resourceType === 'Patient')
  const wrong = patients.filter(({ is }) => is === 'invalid')
  const open = patients.filter(({ is }) => is === 'undecided')
  return [
    ...(named
      ? []
      : [
          unmet(statement?.exchange, 'undeclared', 'Patient is declared without US Core Patient', {
            expected: usCorePatient,
            actual: onType.profiles,
            expression: 'CapabilityStatement.rest.resource.supportedProfile',
          }),
        ]),
    ...wrong
      .slice(0, 2)
      .map(({ received, issues }) =>
        unmet(
          received.exchange,
          'invalid-resource',
          `${keyOf(received.resource)} is no US Core Patient: ${issues[0]?.message}`,
          { expression: issues[0]?.expression ?? '' },
        ),
      ),
    ...open
      .slice(0, 1)
      .map(({ received, reason }) => undecided(received.exchange, `the Patient could not be validated: ${reason}`)),
  ]
})

export const moreThanPatient = check(
  'PDEX-328',
  'SHALL',
  'At least one further profile is supported beside Patient',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const profiled = [...(statement?.types.values() ?? [])].filter(
      ({ type, profiles }) =>
        type !== 'Patient' &&
        profiles.some((profile) =>
          /\/us\/(core|davinci-pdex|davinci-hrex|carin-bb)\/StructureDefinition\/[^/]+$/.test(profile),
        ),
    )
    return profiled.length > 0
      ? []
      : [
          unmet(statement?.exchange, 'undeclared', 'only Patient is declared with a profile', {
            expected: 'a US Core or PDex profile of another type',
          }),
        ]
  },
)

/** A type of FHIR itself, which every resource of it satisfies unnamed. */
const isPlain = (profile: string): boolean => /^http:\/\/hl7\.org\/fhir\/StructureDefinition\/[A-Z]/.test(profile)

export const profilesAreNamed = check(
  'PDEX-337',
  'SHOULD',
  'Instances name their profiles, and satisfy what they name',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    // What the guides profile nothing of, such as a Binary, has nothing to name.
    const named = all.filter(({ resource }) => legalProfiles(resource, scene.editions).some((one) => !isPlain(one)))
    const silent = named.filter(({ resource }) => claimedProfiles(resource).length === 0)
    const claimed = claims(transcript, scene, validate)
    const wrong = claimed.flatMap(({ received, profile, answer }) => {
      const [issue] = answer.decided ? answer.issues.filter(({ severity }) => severity === 'error') : []
      return issue
        ? [
            unmet(
              received.exchange,
              'false-claim',
              `${keyOf(received.resource)} names ${profile} and does not satisfy it: ${issue.message}`,
              { expression: issue.expression },
            ),
          ]
        : []
    })
    const open = claimed.some(({ answer }) => !answer.decided)
    if (all.length === 0) return [undecided(undefined, 'nothing came')]
    return [
      ...(silent.length > 0
        ? [
            unmet(
              silent[0]?.exchange,
              'missing-profile',
              `${silent.length} of ${named.length} resources name no profile`,
              { expected: 'meta.profile', actual: silent.slice(0, 5).map(({ resource }) => keyOf(resource)) },
            ),
          ]
        : []),
      ...few(wrong),
      ...(open ? [undecided(undefined, 'not every claim could be validated')] : []),
    ]
  },
)

export const systemInteractionsWork = check(
  'PDEX-341',
  'MAY',
  'transaction, batch, system search and history work where declared',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const offers = ['transaction', 'batch', 'search-system', 'history-system'].filter((code) =>
      statement?.systemInteractions.has(code),
    )
    if (offers.length === 0) return [undecided(statement?.exchange, 'no interaction of the whole system is declared')]
    const tried = requests(transcript, scene, (_, x) => x.move === 'probe' && x.intent.at === 'system')
    return tried.length === 0
      ? [undecided(statement?.exchange, `nobody tried ${offers.join(', ')}`)]
      : tried.flatMap((x) => status(x, [200, 400, 403], 'a declared interaction of the system is answered'))
  },
)

export const expandIsOffered = check(
  'PDEX-343',
  'SHOULD',
  'ValueSet/$expand works where it is declared',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const offers = statement?.types.get('ValueSet')?.operations.some(({ name }) => name === 'expand')
    if (!offers) return [undecided(statement?.exchange, 'ValueSet/$expand is not declared')]
    const made = requests(transcript, scene, ({ operation }) => operation === '$expand')
    return made.length === 0
      ? [undecided(statement?.exchange, 'nobody tried ValueSet/$expand')]
      : made.flatMap((x) => status(x, [200, 400, 404, 422], '$expand is answered'))
  },
)

const memberMatch = 'http://hl7.org/fhir/us/davinci-hrex/OperationDefinition/member-match'

export const matchIsDeclared = check(
  'PDEX-344',
  'DESC',
  'Patient lists the operation member-match',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const named = statement?.types.get('Patient')?.operations.find(({ name }) => name === 'member-match')
    if (!named)
      return [
        unmet(statement?.exchange, 'undeclared', 'member-match is not declared on Patient', { expected: memberMatch }),
      ]
    return named.definition?.split('|')[0] === memberMatch
      ? []
      : [
          unmet(statement?.exchange, 'wrong-definition', 'member-match is declared by another definition', {
            expected: memberMatch,
            actual: named.definition,
          }),
        ]
  },
)

export const consentsCanBeFound = check(
  'PDEX-353',
  'DESC',
  'Consents are found by patient where Consent is offered',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    if (!statement?.types.has('Consent')) return [undecided(statement?.exchange, 'Consent is not offered')]
    const made = requests(
      transcript,
      scene,
      ({ interaction, type, params }, x) =>
        interaction === 'search-type' && type === 'Consent' && params.has('patient') && !isMistaken(x),
    )
    return made.length === 0
      ? [undecided(statement.exchange, 'nobody searched Consent by patient')]
      : made.flatMap((x) => status(x, [200], 'Consent is found by patient'))
  },
)

export const capabilityChecks: readonly Check[] = [
  whatWorksIsDeclared,
  readAndSearchAreThere,
  versionsWork,
  patientIsSupported,
  moreThanPatient,
  profilesAreNamed,
  systemInteractionsWork,
  expandIsOffered,
  matchIsDeclared,
  consentsCanBeFound,
]

const ofGroups = 'Groups come with the bulk exchange of many members: this exchange makes none'
export const capabilityUntested: Readonly<Record<string, string>> = {
  'PDEX-345': ofGroups,
  'PDEX-346': ofGroups,
  'PDEX-347': ofGroups,
  'PDEX-348': ofGroups,
  'PDEX-349': ofGroups,
  'PDEX-350': ofGroups,
  'PDEX-351': ofGroups,
  'PDEX-360': ofGroups,
}
