/** The two coverages of a match request: the card that is to be matched, and the payer's own that is to be linked (mm-2, mm-5; hrex-coverage). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { at, codingsAt, type Resource } from '../../core/received.ts'
import { type Asked, onRequests, soundRequests } from '../match.ts'
import { codes, hasCoding, profile } from '../names.ts'
import { conformance } from '../profiled.ts'
import { isFirst } from '../versions.ts'

/** The two coverages, by the name of their parameter. */
const coverages = ({ toMatch, toLink }: Asked): readonly (readonly [string, Resource])[] => [
  ...(toMatch ? [['CoverageToMatch', toMatch] as const] : []),
  ...(toLink ? [['CoverageToLink', toLink] as const] : []),
]
const onCoverages = (judge: (coverage: Resource, name: string, asked: Asked, scene: Scene) => readonly Finding[]) =>
  onRequests((asked, scene) => {
    const found = coverages(asked)
    if (found.length === 0) return [undecided(asked.exchange, 'the request has no Coverage')]
    return found.flatMap(([name, coverage]) => judge(coverage, name, asked, scene))
  })

export const tellsMemberNumber = check(
  'HREX-022',
  'SHALL',
  'A coverage has a member number typed MB or a subscriber id',
  onCoverages((coverage, name, { exchange }) => {
    const typed = at(coverage, 'identifier').some((id) => hasCoding(codingsAt(id, 'type'), codes.memberNumber))
    return typed || at(coverage, 'subscriberId').length > 0
      ? []
      : [
          unmet(exchange, 'us-core-15', `${name} has neither a member number nor a subscriber id`, {
            expression: 'Coverage.identifier',
          }),
        ]
  }),
)

export const tellsPayorAndRelationship = check(
  'HREX-023',
  'SHALL',
  'A coverage has one payor, a beneficiary and the relationship to the subscriber',
  onCoverages((coverage, name, { exchange }) =>
    (['payor', 'beneficiary', 'relationship'] as const).flatMap((element) => {
      const actual = at(coverage, element).length
      return actual === 1
        ? []
        : [
            unmet(exchange, 'cardinality', `${name} has ${actual} of ${element}`, {
              expected: 1,
              actual,
              expression: `Coverage.${element}`,
            }),
          ]
    }),
  ),
)
export const coverageConforms = check(
  'HREX-023',
  'SHALL',
  'A coverage conforms to hrex-coverage',
  onCoverages((coverage, name, { exchange }, { editions }) =>
    conformance(exchange, validate(coverage, profile('hrex-coverage'), editions), name),
  ),
)

export const tellsClasses = check(
  'HREX-024',
  'SHALL',
  'Group and plan of a coverage are one each, with type and value',
  onCoverages((coverage, name, { exchange }) => {
    const classes = at(coverage, 'class')
    const findings: Finding[] = classes.flatMap((each, i) =>
      at(each, 'type').length && at(each, 'value').length
        ? []
        : [
            unmet(exchange, 'missing-element', `a class of ${name} has no type or no value`, {
              expression: `Coverage.class[${i}]`,
            }),
          ],
    )
    for (const code of [codes.group, codes.plan]) {
      const actual = classes.filter((each) => hasCoding(codingsAt(each, 'type'), code)).length
      if (actual > 1)
        findings.push(
          unmet(exchange, 'cardinality', `${name} has ${actual} classes of type ${code.code}`, {
            expected: '0..1',
            actual,
            expression: 'Coverage.class',
          }),
        )
    }
    return findings
  }),
)

/** Elements that are housekeeping and say nothing of the coverage. */
const housekeeping = ['resourceType', 'id', 'meta', 'contained', 'language', 'implicitRules']

export const tellsAllItKnows = check(
  'HREX-002',
  'SHOULD',
  'CoverageToMatch holds all that is known of the card',
  (transcript, scene) => {
    const known = scene.person?.submitted.coverageToMatch
    const mine = soundRequests(transcript, scene).filter(
      ({ exchange }) => exchange.intent.person === undefined || exchange.intent.person === scene.person?.name,
    )
    const [first] = mine
    if (!known || !first) return [undecided(first?.exchange, 'what the member’s card says is not known')]
    return mine.flatMap(({ exchange, toMatch }) =>
      Object.keys(known)
        .filter((element) => !housekeeping.includes(element) && at(toMatch, element).length === 0)
        .map((element) =>
          unmet(exchange, 'left-out', `the card says ${element}, and CoverageToMatch does not`, {
            expression: `Coverage.${element}`,
          }),
        ),
    )
  },
)

/** Must-support of hrex-coverage, and what a Coverage cannot be without. */
const wanted = {
  first: ['identifier', 'subscriberId', 'beneficiary', 'dependent', 'payor', 'class', 'status'],
  later: [
    'identifier',
    'status',
    'type',
    'policyHolder',
    'subscriberId',
    'beneficiary',
    'dependent',
    'relationship',
    'period',
    'payor',
    'class',
  ],
} as const

export const linksLittle = check(
  'HREX-005',
  'SHOULD NOT',
  'CoverageToLink holds nothing but must-support elements',
  onRequests(({ exchange, toLink }, { editions }) => {
    if (!toLink) return [undecided(exchange, 'the request has no CoverageToLink')]
    const first = isFirst(editions.hrex)
    const allowed: readonly string[] = [...housekeeping, ...(first ? wanted.first : wanted.later)]
    const more = (actual: string, expression: string): Finding =>
      unmet(exchange, 'not-must-support', `CoverageToLink says ${actual}, which is not must-support`, {
        actual,
        expression,
      })
    const findings = Object.keys(toLink)
      .filter((name) => !name.startsWith('_') && !allowed.includes(name))
      .map((name) => more(name, `Coverage.${name}`))
    for (const [i, each] of at(toLink, 'class').entries()) {
      const types = codingsAt(each, 'type')
      const isPlan = !first && hasCoding(types, codes.plan)
      if (!isPlan && !hasCoding(types, codes.group))
        findings.push(more('a class beside group and plan', `Coverage.class[${i}]`))
      else if (!isPlan && at(each, 'name').length)
        findings.push(more('the name of a group', `Coverage.class[${i}].name`))
    }
    return findings
  }),
)

export const coverageChecks: readonly Check[] = [
  tellsAllItKnows,
  linksLittle,
  tellsMemberNumber,
  tellsPayorAndRelationship,
  coverageConforms,
  tellsClasses,
]
