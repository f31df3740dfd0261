/** What the CapabilityStatements of PDex ask of a whole server: status codes, formats, parameters, operations (CapStmt pdex-server ...). */
import { type Check, check, noted, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, header, mediaType, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { undeclared } from '../../core/checks/capability.ts'
import { resourcesAreLabelled } from '../../core/checks/media.ts'
import { exactness } from '../../core/checks/parameters.ts'
import { headersAgreeWithMeta, versionFindings } from '../../core/checks/read.ts'
import { answersWithSearchset, fullUrlsAgree } from '../../core/checks/search.ts'
import {
  few,
  gaveNothing,
  hasToken,
  isMistaken,
  requests,
  someRequests,
  status,
  suspicious,
  tokenOf,
} from '../../core/judging.ts'
import { matchesOf } from '../../core/matches.ts'
import { bundleOf, codingsAt, keyOf, resourcesIn } from '../../core/received.ts'
import { asked, choosing, succeeded } from '../../core/rest.ts'
import { isDay, parameterOf } from '../../core/search-parameters.ts'
import { declared } from '../../core/statement.ts'
import { claims, conformances, payload } from '../conformance.ts'
import { isModern, payloadTypes } from '../profiles.ts'

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
        profiles.some((profile) => /\/us\/(core|davinci-pdex|davinci-hrex|carin-bb)\//.test(profile)),
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

/** Base FHIR, as far as every answer shows it. */
export const followsBaseFhir = check(
  'PDEX-329',
  'SHALL',
  'Answers follow the rules of FHIR’s REST API',
  (transcript, scene) => {
    const parts = [resourcesAreLabelled, answersWithSearchset, fullUrlsAgree]
    const findings = parts.flatMap((part) => {
      try {
        return part.judge(transcript, scene)
      } catch {
        return [] // Nobody made a request of that kind: the others are judged.
      }
    })
    const reads = requests(
      transcript,
      scene,
      ({ interaction, type }, x) => interaction === 'read' && type !== 'Binary' && succeeded(x),
    )
    // Versions are a SHOULD of the base: a header that contradicts meta is the reader's business, not a failure.
    const headers =
      reads.length > 0
        ? headersAgreeWithMeta.judge(transcript, scene).map((finding) => ({ ...finding, severity: 'warning' as const }))
        : []
    const any = requests(
      transcript,
      scene,
      ({ interaction }, x) => interaction !== 'other' && interaction !== 'capabilities' && succeeded(x),
    )
    return any.length === 0 ? [undecided(undefined, 'nothing was answered')] : few([...findings, ...headers])
  },
)

const acceptsJson = (x: Exchange): boolean =>
  /application\/fhir\+json/.test(header(x.request, 'accept') ?? '') &&
  !/fhirVersion/i.test(header(x.request, 'accept') ?? '')

export const jsonEverywhere = check(
  'PDEX-330',
  'SHALL',
  'JSON is answered on every interaction',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, params }, x) =>
        ['read', 'vread', 'history-instance', 'search-type', 'capabilities', 'operation'].includes(interaction) &&
        acceptsJson(x) &&
        !params.has('_format') &&
        x.response !== undefined,
    )
    return few(
      made.flatMap((x) => {
        if (answered(x).status === 406)
          return [unmet(x, 'refuses-json', 'a request for FHIR JSON is refused', { actual: 406 })]
        if (!succeeded(x) || answered(x).body === '') return []
        return mediaType(answered(x)).includes('json')
          ? []
          : [
              unmet(x, 'wrong-media-type', 'a request for FHIR JSON brought something else', {
                expected: 'application/fhir+json',
                actual: mediaType(answered(x)),
              }),
            ]
      }),
    )
  },
)

export const xmlMayBeHad = check('PDEX-331', 'SHOULD', 'XML is answered where it is asked for', (transcript, scene) =>
  someRequests(
    transcript,
    scene,
    ({ interaction }, x) =>
      interaction !== 'other' &&
      /^application\/fhir\+xml/.test(header(x.request, 'accept') ?? '') &&
      !asked(x).params.has('_format'),
  ).flatMap((x) => {
    if (answered(x).status === 406) return [noted(x, 'json-only', 'the server speaks JSON only')]
    const found = status(x, [200], 'a request for XML is answered, or refused with 406')
    return found.length > 0 || mediaType(answered(x)).includes('xml')
      ? found
      : [
          unmet(x, 'wrong-media-type', 'a request for XML brought something else', {
            expected: 'application/fhir+xml or 406',
            actual: mediaType(answered(x)),
          }),
        ]
  }),
)

export const invalidIs400 = check(
  'PDEX-332',
  'SHALL',
  'An invalid parameter is answered with 400',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      ({ interaction }, x) =>
        ['search-type', 'operation'].includes(interaction) &&
        x.intent.mistake === 'bad-value' &&
        x.move !== 'export-kick-off',
    ).flatMap((x) => status(x, [400], 'a value that cannot be read is answered with 400')),
)

/** 401 by the statements of 3.1.1; any of 401, 403 and 404 by that of 6.1. */
export const unauthorizedIs401 = check(
  'PDEX-333',
  'SHALL',
  'A request without a token is answered with 401',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction }, x) =>
        interaction !== 'other' && interaction !== 'capabilities' && !hasToken(x) && x.move !== 'member-match',
    )
    return made.flatMap((x): Finding[] => {
      // A caller that a mutual TLS host does not know is refused before it can be answered.
      if (x.failure?.kind === 'refused') return []
      const code = answered(x).status
      if (code === 401) return []
      if (code === 403 || code === 404)
        return isModern(scene.editions)
          ? []
          : [
              suspicious(x, 'other-status', `the statement for US Core 3.1.1 names 401 and ${code} came`, {
                expected: 401,
                actual: code,
              }),
            ]
      return [
        unmet(x, 'wrong-status', 'a request without a token is not refused as unauthorized', {
          expected: 401,
          actual: code,
        }),
      ]
    })
  },
)

/** A token that is good for something else. */
export const insufficientScopeIs403 = check(
  'PDEX-334',
  'SHALL',
  'A scope that does not suffice is answered with 403',
  (transcript, scene) => {
    const all = transcript.from(0)
    const narrow = new Set(all.filter((x) => x.move === 'match-token' && succeeded(x)).flatMap(issued))
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, operation }, x) =>
        interaction !== 'other' &&
        operation !== '$member-match' &&
        (narrow.has(tokenOf(x) ?? '') || x.intent.mistake === 'narrow-scope'),
    )
    const worked = all.some(
      (x) =>
        x.to === scene.responder &&
        !isMistaken(x) &&
        ['read', 'search-type', 'operation'].includes(asked(x).interaction) &&
        asked(x).operation !== '$member-match' &&
        hasToken(x) &&
        !narrow.has(tokenOf(x) ?? '') &&
        succeeded(x),
    )
    return [
      ...made.flatMap((x) =>
        answered(x).status === 401
          ? [
              suspicious(x, 'other-status', 'a scope that does not suffice is answered with 401', {
                expected: 403,
                actual: 401,
              }),
            ]
          : status(x, [403], 'a scope that does not suffice is answered with 403'),
      ),
      ...(worked ? [] : [undecided(undefined, 'no request with a sufficient scope succeeded')]),
    ]
  },
)

const issued = (x: Exchange): string[] => {
  try {
    const { access_token: token } = JSON.parse(x.response?.body ?? '{}') as { access_token?: unknown }
    return typeof token === 'string' ? [token] : []
  } catch {
    return []
  }
}

export const unknownIs404 = check(
  'PDEX-335',
  'SHALL',
  'An unknown resource or type is answered with 404',
  (transcript, scene) =>
    someRequests(
      transcript,
      scene,
      (asks, x) =>
        asks.interaction !== 'other' &&
        (x.intent.mistake === 'unknown-id' ||
          (x.intent.mistake === 'unknown-type' && asks.interaction === 'search-type')) &&
        asks.operation === undefined,
    ).flatMap((x) => status(x, [404], 'what is unknown is answered with 404')),
)

export const deletedIs410 = check('PDEX-336', 'SHALL', 'A deleted resource is answered with 410', (transcript, scene) =>
  someRequests(
    transcript,
    scene,
    ({ interaction }, x) => interaction === 'read' && x.intent.state === 'deleted',
  ).flatMap((x) =>
    answered(x).status === 404
      ? [noted(x, 'no-trace', 'no trace of what was deleted is kept')]
      : status(x, [410], 'a deleted resource is answered with 410, or 404 where no trace is kept'),
  ),
)

export const profilesAreNamed = check(
  'PDEX-337',
  'SHOULD',
  'Instances name their profiles, and satisfy what they name',
  (transcript, scene) => {
    const all = payload(transcript, scene)
    const silent = all.filter(({ resource }) => (resource.meta?.profile ?? []).length === 0)
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
              `${silent.length} of ${all.length} resources name no profile`,
              { expected: 'meta.profile', actual: silent.slice(0, 5).map(({ resource }) => keyOf(resource)) },
            ),
          ]
        : []),
      ...few(wrong),
      ...(open ? [undecided(undefined, 'not every claim could be validated')] : []),
    ]
  },
)

/** One value in one of the forms that mean the same: `Type/id` and `id`, `system|code` and `code`. */
const isWhole = (kind: string, value: string): boolean => kind === 'reference' || /^[^|,\\]+(\|[^|,\\]+)?$/.test(value)

/** The same by each spelling of a reference; by a code alone at least what is found by its system, too. */
export const spellingsAgree = check(
  'PDEX-338',
  'SHALL',
  'References and tokens are found by each of their forms',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction }, x) =>
        interaction === 'search-type' && x.move === 'search' && x.intent.form !== undefined && !isMistaken(x),
    )
    const groups = new Map<string, { x: Exchange; value: string; kind: string }[]>()
    for (const x of made) {
      const { type = '', params } = asked(x)
      for (const name of choosing(params)) {
        const kind = parameterOf(type, name)?.kind
        const value = params.get(name) ?? ''
        if ((kind !== 'reference' && kind !== 'token') || !isWhole(kind, value)) continue
        const rest = choosing(params).filter((other) => other !== name)
        const key = [type, name, bare(value), ...rest.map((other) => `${other}=${params.getAll(other).join()}`)].join(
          ' ',
        )
        groups.set(key, [...(groups.get(key) ?? []), { x, value, kind }])
      }
    }
    const several = [...groups.values()].filter((group) => new Set(group.map(({ value }) => value)).size > 1)
    if (several.length === 0) return [undecided(made[0], 'no value was tried in two forms')]
    return few(several.flatMap(spellings))
  },
)

function spellings(group: readonly { x: Exchange; value: string; kind: string }[]): Finding[] {
  const refused = group.filter(({ x }) => !succeeded(x))
  if (refused.length > 0)
    return refused.map(({ x, value }) =>
      unmet(x, 'refuses-form', `${value} is refused`, { actual: x.response?.status }),
    )
  const found = group.map((one) => ({
    ...one,
    keys: matchesOf(one.x)
      .map(({ resource }) => keyOf(resource))
      .sort(),
  }))
  const most = new Set(found.flatMap(({ keys }) => keys))
  return found
    .filter(({ keys, kind, value }) => (kind === 'reference' || !value.includes('|')) && keys.length < most.size)
    .map(({ x, keys, value }) =>
      unmet(x, 'different-result', `${value} finds less than the other form of the same value`, {
        expected: most.size,
        actual: keys.length,
      }),
    )
}

/** A value without its system or type: `http://loinc.org|2339-0` and `2339-0` are the same by their last part. */
const bare = (value: string): string => value.split('|').at(-1)?.replace(/^.*\//, '') ?? value

export const clientNamesAtLeastAnId = check(
  'PDEX-339',
  'SHALL',
  'The client sends at least an id or a code',
  (transcript, scene) => {
    const made = transcript.some('search', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => !isMistaken(x) && x.intent.form === undefined,
    })
    return few(
      made.flatMap((x) =>
        [...asked(x).params].flatMap(([name, value]) => {
          const kind = parameterOf(asked(x).type ?? '', name)?.kind
          const empty = (kind === 'reference' || kind === 'token') && value.split(',').some((one) => bare(one) === '')
          return empty
            ? [
                unmet(x, 'empty-value', `${name} is asked for without an id or code`, {
                  actual: value,
                  expression: name,
                }),
              ]
            : []
        }),
      ),
    )
  },
)

/** Together with the patient: only what answers. */
export const claimsAreSearchedWithPatient = check(
  'PDEX-340',
  'SHALL',
  'Claims are searched by date, update and type together with the patient',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, type, params }, x) =>
        interaction === 'search-type' &&
        type === 'ExplanationOfBenefit' &&
        params.has('patient') &&
        x.move === 'search' &&
        !isMistaken(x) &&
        ['service-date', '_lastUpdated', 'type'].some((name) => params.has(name)),
    )
    const later = transcript.from(0)
    const findings = made.flatMap((x) => {
      const found = status(x, [200], `${choosing(asked(x).params).join(' and ')} are searched together`)
      return found.length > 0 ? found : exactness(x, later)
    })
    const tried = new Set(made.flatMap((x) => choosing(asked(x).params)))
    const open = ['service-date', '_lastUpdated', 'type'].filter((name) => !tried.has(name))
    return [
      ...few(findings),
      ...(open.length > 0 ? [undecided(undefined, `nobody searched claims by patient and ${open.join(', ')}`)] : []),
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

const docrefs = (transcript: Transcript, scene: Scene): Exchange[] =>
  someRequests(transcript, scene, ({ operation }) => operation === '$docref')

export const docrefIsThere = check(
  'PDEX-342',
  'SHALL',
  '$docref of the member gives a searchset',
  (transcript, scene) => {
    const made = docrefs(transcript, scene)
    const own = made.filter((x) => !isMistaken(x))
    if (own.length === 0) return [undecided(made[0], 'nobody asked for the member’s documents by $docref')]
    return [
      ...own.flatMap((x) => {
        const found = status(x, [200], '$docref of the member is answered')
        return found.length > 0 || bundleOf(x)?.type === 'searchset'
          ? found
          : [
              unmet(x, 'wrong-bundle', '$docref gives a searchset', {
                expected: 'searchset',
                actual: bundleOf(x)?.type,
              }),
            ]
      }),
      ...made
        .filter((x) => isMistaken(x) && !gaveNothing(x))
        .map((x) =>
          unmet(x, 'disclosed', '$docref of another patient gives documents', {
            expected: 'nothing or 404',
            actual: x.response?.status,
          }),
        ),
    ]
  },
)

/** What $docref gives when it is asked for no type: the summary of care that a server makes or holds. */
const continuityOfCare = '34133-9'

export const docrefGivesTheLatest = check(
  'PDEX-367',
  'SHALL',
  '$docref without dates gives the current documents',
  (transcript, scene) => {
    const made = docrefs(transcript, scene).filter(
      (x) => !isMistaken(x) && !['start', 'end', 'type', 'on-demand'].some((name) => asked(x).params.has(name)),
    )
    if (made.length === 0) return [undecided(undefined, 'nobody asked for documents by patient alone')]
    const known = payload(transcript, scene).filter(
      ({ resource }) =>
        resource.resourceType === 'DocumentReference' &&
        resource.status === 'current' &&
        codingsAt(resource, 'type').some(({ code }) => code === continuityOfCare),
    )
    return made.flatMap((x) => {
      const documents = resourcesIn(x).filter(({ resource }) => resource.resourceType === 'DocumentReference')
      if (documents.length > 0) return []
      if (known.length === 0) return [undecided(x, 'the member has no current summary of care')]
      return [
        unmet(x, 'missing-records', '$docref gives none of the current documents', {
          expected: known.slice(0, 3).map(({ resource }) => keyOf(resource)),
        }),
      ]
    })
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

/** Parameters that PDex defines itself, as far as they concern a member's data. */
const own: Readonly<Record<string, readonly string[]>> = {
  ExplanationOfBenefit: ['identifier', 'patient', 'service-date', 'type', 'use'],
  MedicationDispense: ['patient', 'status'],
}

export const ownParametersWork = check(
  'PDEX-352',
  'DESC',
  'Search parameters of PDex work where they are declared',
  (transcript, scene) => {
    const statement = declared(transcript, scene)
    const later = transcript.from(0)
    const findings: Finding[] = []
    let judged = 0
    for (const [type, names] of Object.entries(own))
      for (const name of names) {
        const definition = statement?.types.get(type)?.params.get(name)
        if (
          !statement?.types.get(type)?.params.has(name) ||
          (name === 'use' && definition !== undefined && !definition.includes('davinci-pdex'))
        )
          continue
        const made = requests(
          transcript,
          scene,
          ({ interaction, type: other, params }, x) =>
            interaction === 'search-type' &&
            other === type &&
            params.has(name) &&
            x.move === 'search' &&
            !isMistaken(x),
        )
        if (made.length > 0) judged++
        for (const x of made)
          findings.push(
            ...(succeeded(x) ? exactness(x, later) : status(x, [200], `${name} of ${type} is declared and works`)),
          )
      }
    return judged === 0
      ? [undecided(statement?.exchange, 'none of these parameters is declared and was tried')]
      : few(findings)
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

const datesOf = (x: Exchange): [name: string, value: string][] => {
  const { type = '', params } = asked(x)
  return [...params].filter(([name]) => parameterOf(type, name)?.kind === 'date')
}
const precise = /T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/

export const preciseDatesWork = check(
  'PDEX-354',
  'SHALL',
  'Dates are searched to the second with an offset',
  (transcript, scene) => {
    const made = someRequests(
      transcript,
      scene,
      ({ interaction, type = '' }, x) =>
        interaction === 'search-type' &&
        x.move === 'search' &&
        !isMistaken(x) &&
        datesOf(x).some(([name, value]) => precise.test(value) || isDay(type, name)),
    )
    const later = transcript.from(0)
    const exact = made.filter((x) => datesOf(x).some(([, value]) => precise.test(value)))
    return [
      ...few(
        made.flatMap((x) =>
          succeeded(x)
            ? exactness(x, later)
            : status(x, [200], `a date of the form ${datesOf(x)[0]?.[1]} is understood`),
        ),
      ),
      ...(exact.length === 0 ? [undecided(made[0], 'nobody searched by a date with time and offset')] : []),
    ]
  },
)

export const clientSendsPreciseDates = check(
  'PDEX-355',
  'SHALL',
  'The client sends dates to the second with an offset',
  (transcript, scene) => {
    const made = transcript.some('search', {
      from: scene.requester,
      to: scene.responder,
      where: (x) => !isMistaken(x) && x.intent.form === undefined && datesOf(x).length > 0,
    })
    return few(
      made.flatMap((x) =>
        datesOf(x)
          .filter(([name, value]) => !isDay(asked(x).type ?? '', name) && !precise.test(value))
          .map(([name, value]) =>
            suspicious(x, 'imprecise-date', `${name} is asked for by ${value}`, {
              expected: 'seconds and an offset',
              actual: value,
              expression: name,
            }),
          ),
      ),
    )
  },
)

export const capabilityChecks: readonly Check[] = [
  whatWorksIsDeclared,
  readAndSearchAreThere,
  versionsWork,
  patientIsSupported,
  moreThanPatient,
  followsBaseFhir,
  jsonEverywhere,
  xmlMayBeHad,
  invalidIs400,
  unauthorizedIs401,
  insufficientScopeIs403,
  unknownIs404,
  deletedIs410,
  profilesAreNamed,
  spellingsAgree,
  clientNamesAtLeastAnId,
  claimsAreSearchedWithPatient,
  systemInteractionsWork,
  docrefIsThere,
  docrefGivesTheLatest,
  expandIsOffered,
  matchIsDeclared,
  ownParametersWork,
  consentsCanBeFound,
  preciseDatesWork,
  clientSendsPreciseDates,
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
