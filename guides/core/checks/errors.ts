/** Errors that help without telling too much (FHIR R4 http#Status-Codes, operationoutcome, security). */
import { type Check, check, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { few, someRequests } from '../judging.ts'
import { isObject, outcomeOf } from '../received.ts'
import { tells } from '../words.ts'

/** Codes of the value set issue-type. */
const issueTypes = new Set(
  `invalid structure required value invariant security login unknown expired forbidden suppressed processing
   not-supported duplicate multiple-matches not-found deleted too-long code-invalid extension too-costly business-rule
   conflict transient lock-error no-store exception timeout incomplete throttled informational`.split(/\s+/),
)

/** FHIR calls that were answered with an error; a HEAD or 304 has no body to look at. */
const refusals = (transcript: Transcript, scene: Scene): Exchange[] =>
  someRequests(
    transcript,
    scene,
    ({ interaction }, x) => interaction !== 'other' && x.request.method !== 'HEAD' && (x.response?.status ?? 0) >= 400,
  )

/** Every error says why, in an OperationOutcome with a severity and a code. */
export const errorsSayWhy = check(
  'CORE-020',
  'SHOULD',
  'An error carries an OperationOutcome with severity and code',
  (transcript, scene) => few(refusals(transcript, scene).flatMap(wellSaid)),
)

interface Issue {
  readonly severity?: string
  readonly code?: string
}

export function wellSaid(x: Exchange): Finding[] {
  const outcome = outcomeOf(x)
  if (!outcome)
    return [
      unmet(x, 'missing-outcome', `a ${answered(x).status} to ${x.request.method} carries no OperationOutcome`, {
        expected: 'OperationOutcome',
        actual: answered(x).body.slice(0, 120),
      }),
    ]
  const issues = (outcome.issue as unknown[]).map((issue) => (isObject(issue) ? issue : {})) as Issue[]
  const severities = issues.map(({ severity }) => severity)
  return [
    ...(severities.some((severity) => severity === 'error' || severity === 'fatal')
      ? []
      : [
          unmet(x, 'wrong-severity', 'no issue of an error is error or fatal', {
            actual: severities,
            expression: 'OperationOutcome.issue.severity',
          }),
        ]),
    ...issues.flatMap(({ code }, i) =>
      code && issueTypes.has(code)
        ? []
        : [
            unmet(x, 'wrong-code', 'an issue has a code of issue-type', {
              actual: code,
              expression: `OperationOutcome.issue[${i}].code`,
            }),
          ],
    ),
  ]
}

/** Shapes of what belongs in a log: frames of a stack, names of files and classes, statements of a database. */
const innards: readonly [RegExp, string][] = [
  [/^\s*at [\w$.<>]+ ?\(.*:\d+(:\d+)?\)/m, 'a frame of a stack trace'],
  [/\bat (?:[a-z]\w*\.){2,}[A-Z]\w*\.\w+\(\w+\.java:\d+\)/, 'a frame of a Java stack trace'],
  [/Traceback \(most recent call last\)/, 'a Python traceback'],
  [/\b(?:java|javax|org|com|net)(?:\.\w+){2,}(?:Exception|Error)\b/, 'the class of an exception'],
  [/\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM)\s.+\b(?:FROM|VALUES|SET|WHERE)\b/, 'a statement of a database'],
  [/(?:\/[\w.-]+){3,}\.(?:js|ts|java|py|rb|cs|go|php):\d+/, 'the path of a source file'],
]

/** Nothing of the server's innards, and nothing of anybody else. */
export const errorsGiveNothingAway = check(
  'CORE-021',
  'SHALL',
  'An error shows no stack trace and nothing of another member',
  (transcript, scene) => {
    const refused = refusals(transcript, scene)
    const others = namesOf(scene)
    return few(
      refused.flatMap((x) => {
        const { body } = answered(x)
        const innard = innards.find(([shape]) => shape.test(body.replaceAll('\\n', '\n')))
        const other = others.find(
          (text) => tells(body, text) && !`${decoded(x.request.url)} ${x.request.body}`.includes(text),
        )
        return [
          ...(innard
            ? [unmet(x, 'discloses-innards', `the error shows ${innard[1]}`, { actual: body.slice(0, 200) })]
            : []),
          ...(other ? [unmet(x, 'discloses-member', 'the error names another member', { actual: other })] : []),
        ]
      }),
    )
  },
)

const decoded = (url: string): string => {
  try {
    return decodeURIComponent(url)
  } catch {
    return url
  }
}

/** How a bystander could be recognised: family name, birth date, identifiers, id. */
function namesOf({ bystander }: Scene): string[] {
  if (!bystander) return []
  const { patient } = bystander.submitted
  return [
    bystander.patientId,
    bystander.memberIdentifier?.value,
    patient.name?.[0]?.family,
    ...(patient.identifier ?? []).map(({ value }) => value),
    ...(bystander.record ?? []).flatMap((resource) =>
      resource.resourceType === 'Patient' ? (resource.identifier ?? []).map(({ value }) => value) : [],
    ),
  ].filter((text): text is string => typeof text === 'string' && text.length > 3)
}

export const errorChecks: readonly Check[] = [errorsSayWhy, errorsGiveNothingAway]
