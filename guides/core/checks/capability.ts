/** What a server says of itself, and whether it is true (FHIR R4 http#capabilities, operations). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, hasToken, someRequests, suspicious, wrongAnswer } from '../judging.ts'
import { at, resourceOf } from '../received.ts'
import { asked, succeeded } from '../rest.ts'
import { declared, offered } from '../statement.ts'

/** GET metadata: a statement of an instance, of R4, for anybody. */
export const metadataIsPublished = check(
  'CORE-001',
  'SHALL',
  'metadata is a CapabilityStatement of an R4 server',
  (transcript, scene) => {
    const asking = someRequests(
      transcript,
      scene,
      ({ interaction, params }, x) =>
        interaction === 'capabilities' && x.intent.mistake === undefined && !params.has('_format') && isUsual(x),
    )
    return few(asking.flatMap(published))
  },
)

/** Asked for as usual: for JSON, or for anything. */
const isUsual = (x: Exchange): boolean => {
  const accept = x.request.headers.find(([name]) => name.toLowerCase() === 'accept')?.[1] ?? '*/*'
  return /json|\*\/\*/.test(accept) && !/fhirVersion/i.test(accept) && x.response !== undefined
}

function published(x: Exchange): Finding[] {
  const { status } = answered(x)
  if ((status === 401 || status === 403) && !hasToken(x))
    return [
      suspicious(x, 'closed-metadata', 'metadata is normally for anybody to read', { expected: 200, actual: status }),
    ]
  if (!succeeded(x))
    return [wrongAnswer(x, 'wrong-status', 'metadata is answered with 200', { expected: 200, actual: status })]
  const statement = resourceOf(x)
  if (statement?.resourceType !== 'CapabilityStatement')
    return [
      unmet(x, 'wrong-resource', 'metadata is a CapabilityStatement', {
        actual: statement?.resourceType ?? 'no resource',
      }),
    ]
  return [
    ...(/^4\.0(\.|$)/.test(String(statement.fhirVersion))
      ? []
      : [
          unmet(x, 'wrong-version', 'fhirVersion is 4.0.1', {
            expected: '4.0.1',
            actual: statement.fhirVersion,
            expression: 'CapabilityStatement.fhirVersion',
          }),
        ]),
    ...((at(statement, 'rest.mode') as unknown[]).includes('server')
      ? []
      : [
          unmet(x, 'wrong-mode', 'the statement is not that of a server', {
            expected: 'server',
            actual: at(statement, 'rest.mode'),
            expression: 'CapabilityStatement.rest.mode',
          }),
        ]),
    ...(statement.kind === 'instance'
      ? []
      : [
          unmet(x, 'wrong-kind', 'a server describes itself as an instance', {
            expected: 'instance',
            actual: statement.kind,
            expression: 'CapabilityStatement.kind',
          }),
        ]),
  ]
}

/** An operation that changes something is no GET. */
export const stateChangingOperationsArePosted = check(
  'CORE-055',
  'SHALL',
  'An operation that changes state is refused by GET',
  (transcript, scene) => {
    const byGet = someRequests(
      transcript,
      scene,
      ({ operation }, x) => operation === '$member-match' && x.request.method === 'GET',
    )
    const posted = transcript
      .from(0)
      .some(
        (x) =>
          x.to === scene.responder &&
          asked(x).operation === '$member-match' &&
          x.request.method === 'POST' &&
          succeeded(x),
      )
    return [
      ...byGet.flatMap((x) =>
        (answered(x).status >= 400 && answered(x).status < 500) || answered(x).status === 501
          ? []
          : [
              unmet(x, 'wrong-status', '$member-match changes state and is refused by GET', {
                expected: '4xx or 501',
                actual: answered(x).status,
              }),
            ],
      ),
      ...(posted ? [] : [undecided(undefined, '$member-match by POST never succeeded, so a refusal says nothing')]),
    ]
  },
)

/** What worked is declared; what a guide other than this one asks of it is asked there, by the same finding. */
export function undeclared(transcript: Transcript, scene: Scene): Finding[] {
  const statement = declared(transcript, scene)
  if (!statement) return [undecided(undefined, 'metadata is no CapabilityStatement')]
  const all = offered(transcript, scene, statement)
  if (all.length === 0) return [undecided(undefined, 'nothing was answered with success')]
  return few(
    all
      .filter((one) => !one.declared)
      .map(({ exchange, what }) =>
        unmet(exchange, 'undeclared', `${what} works and is not declared`, {
          expression: 'CapabilityStatement.rest.resource',
        }),
      ),
  )
}

export const whatWorksIsDeclared = check(
  'CORE-056',
  'SHALL',
  'Every type and operation that works is declared',
  undeclared,
)

export const capabilityChecks: readonly Check[] = [
  metadataIsPublished,
  stateChangingOperationsArePosted,
  whatWorksIsDeclared,
]
