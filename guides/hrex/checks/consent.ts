/** HRex consent: what the Consent of a match says, and that it is honoured or refused (hrex-consent, mm-1, mm-11, mm-13). */
import { type Check, check, undecided, unmet } from '../../../harness/check.ts'
import type { Scene } from '../../../harness/scene.ts'
import { answered, type Exchange, type Transcript } from '../../../harness/transcript.ts'
import type { Finding } from '../../../harness/verdict.ts'
import { validate } from '../../../profiles/validate.ts'
import { isUnable, putOff } from '../../core/judging.ts'
import { at, type Coding, codingsAt, type Resource } from '../../core/received.ts'
import { rangeOf } from '../../core/search-dates.ts'
import { disclosed } from '../disclosure.ts'
import { type Asked, askedIn, isMatch, isSound, onRefusal, onVariation, soundRequests } from '../match.ts'
import { codes, hasCoding, policies, profile, taxNumbers } from '../names.ts'
import { conformance } from '../profiled.ts'
import { isFirst } from '../versions.ts'

export const refusesConsent = check(
  'HREX-011',
  'SHALL',
  'A consent that cannot be honoured is answered 422',
  onRefusal((x, response, scene) => [
    ...disclosed(x, response, scene),
    ...(response.status === 422
      ? []
      : [
          unmet(x, 'wrong-status', `the consent cannot be honoured, and ${response.status} came instead of 422`, {
            expected: 422,
            actual: response.status,
          }),
        ]),
  ]),
)

export const keepsConsent = check(
  'HREX-013',
  'SHOULD',
  'The period of the consent is kept and asked for a token',
  (transcript, scene) => {
    const matched = transcript.last('member-match', { from: scene.requester, to: scene.responder, where: isMatch })
    const tokens = transcript.some('member-token', { from: scene.requester, to: scene.responder })
    const end =
      rangeOf(at(soundRequests(transcript, scene).at(-1)?.consent, 'provision.period.end')[0])?.[1] ?? Number.NaN
    const later = tokens.filter(({ at: when }) => Date.parse(when) > end)
    const sooner = tokens.filter(({ at: when }) => Date.parse(when) <= end)
    const last = later.at(-1)
    if (!last) return [undecided(matched, 'no token was asked for after the consent had ended')]
    if (!sooner.some(({ response }) => response?.status === 200))
      return [undecided(last, 'no token was granted while the consent was in force, so a refusal says nothing')]
    const { status: actual } = answered(last)
    if (isUnable(last)) return [undecided(last, `${actual} came, which is neither a token nor a refusal`)]
    return actual >= 400
      ? []
      : [unmet(last, 'granted', 'a token was granted after the consent had ended', { expected: 'a refusal', actual })]
  },
)

export const knowsOnePolicy = check(
  'HREX-027',
  'DESC',
  'At least one of the two policies is recognised',
  (transcript, scene) => {
    const asked = transcript.some('member-match', { from: scene.requester, to: scene.responder, where: isSound })
    const seen = (policy: string): Exchange | undefined =>
      asked.findLast((x) => at(askedIn(x).consent, 'policy.uri').includes(policy))
    const tried = policies.map(seen)
    const later = tried.find((x) => x && putOff(x))
    if (tried.some((x) => x && isMatch(x))) return []
    if (later) return [undecided(later, putOff(later) ?? '')]
    const [regular, sensitive] = tried
    if (!regular || !sensitive)
      return [undecided(regular ?? sensitive, 'one policy was not tried and the other was not accepted')]
    return [
      unmet(sensitive, 'no-policy', 'consents of both policies were refused for a member who is insured', {
        expected: 'at least one 200',
        actual: [answered(regular).status, answered(sensitive).status],
      }),
    ]
  },
)

export const acceptsMoreActors = check(
  'HREX-027',
  'DESC',
  'Further actors and a mutual consent are accepted',
  onVariation('more actors'),
)

/** Judges the Consent of every request that was sent in good faith. */
const onConsents =
  (judge: (consent: Resource, asked: Asked, scene: Scene) => readonly Finding[]) =>
  (transcript: Transcript, scene: Scene): readonly Finding[] => {
    const asked = soundRequests(transcript, scene)
    const consents = asked.filter(({ consent }) => consent)
    if (consents.length === 0) return [undecided(asked[0]?.exchange, 'no request had a Consent')]
    return consents.flatMap((each) => judge(each.consent as Resource, each, scene))
  }

/** Identifiers by which a reference names an organization: its own, or those of the contained resource that it points to. */
function identifiersOf(reference: unknown, holder: Resource): { system?: unknown; value?: unknown }[] {
  const [local] = at(reference, 'reference')
  const contained =
    typeof local === 'string' && local.startsWith('#')
      ? at(holder, 'contained').filter((r) => at(r, 'id')[0] === local.slice(1))
      : []
  return [...at(reference, 'identifier'), ...contained.flatMap((r) => at(r, 'identifier'))] as {
    system?: unknown
    value?: unknown
  }[]
}
const named = (ids: readonly { system?: unknown; value?: unknown }[]): string[] =>
  ids.map(({ system, value }) => `${system}|${value}`)
const actorsOf = (consent: Resource, role: Coding): unknown[] =>
  at(consent, 'provision.actor').filter((actor) => hasCoding(codingsAt(actor, 'role'), role))

export const namesBothPayers = check(
  'HREX-001',
  'SHALL',
  'A performer actor is the payer that is asked, an IRCP actor the payer that asks',
  onConsents((consent, { exchange, toMatch, toLink }) =>
    (
      [
        ['performer', codes.performer, toMatch, 'the payer of CoverageToMatch'],
        ['IRCP', codes.recipient, toLink, 'the payer of CoverageToLink'],
      ] as const
    ).flatMap(([role, code, coverage, whom]) => {
      const expression = `Consent.provision.actor.where(role.coding.code='${role}')`
      const actors = actorsOf(consent, code)
      if (actors.length === 0)
        return [unmet(exchange, 'missing-element', `the Consent has no ${role} actor`, { expression })]
      const payers = coverage ? named(at(coverage, 'payor').flatMap((payor) => identifiersOf(payor, coverage))) : []
      const actual = named(
        actors.flatMap((actor) => at(actor, 'reference').flatMap((reference) => identifiersOf(reference, consent))),
      )
      if (payers.length === 0 || actual.length === 0)
        return [undecided(exchange, `without identifiers nobody can tell whether the ${role} actor is ${whom}`)]
      return actual.some((id) => payers.includes(id))
        ? []
        : [unmet(exchange, 'other-actor', `no ${role} actor is ${whom}`, { expected: payers, actual, expression })]
    }),
  ),
)

export const saysWhatItMust = check(
  'HREX-025',
  'SHALL',
  'The Consent is active, about privacy and disclosure, with one performer, a source, and a permit for a period',
  onConsents((consent, { exchange }, { editions }) => {
    const rules: readonly (readonly [expression: string, met: boolean, expected: string])[] = [
      ['Consent.status', at(consent, 'status')[0] === 'active', 'active'],
      ['Consent.scope', hasCoding(codingsAt(consent, 'scope'), codes.privacy), 'patient-privacy'],
      [
        'Consent.category',
        isFirst(editions.hrex) || hasCoding(codingsAt(consent, 'category'), codes.disclosure),
        'IDSCL',
      ],
      ['Consent.performer', at(consent, 'performer').length === 1, 'exactly one'],
      ['Consent.source', at(consent, 'sourceReference').length === 1, 'a reference to a DocumentReference'],
      ['Consent.provision.type', at(consent, 'provision.type')[0] === 'permit', 'permit'],
      ['Consent.provision.period.start', at(consent, 'provision.period.start').length === 1, 'a date'],
      ['Consent.provision.period.end', at(consent, 'provision.period.end').length === 1, 'a date'],
      ['Consent.provision.actor', actorsOf(consent, codes.performer).length > 0, 'a performer'],
      ['Consent.provision.actor', actorsOf(consent, codes.recipient).length > 0, 'an IRCP'],
      [
        'Consent.provision.action',
        at(consent, 'provision.action').length === 1 &&
          hasCoding(codingsAt(consent, 'provision.action'), codes.disclose),
        'disclose and nothing else',
      ],
    ]
    return rules
      .filter(([, met]) => !met)
      .map(([expression, , expected]) =>
        unmet(exchange, 'missing-element', `${expression} is not ${expected}`, {
          expected,
          actual: at(consent, expression.replace('Consent.', '')),
          expression,
        }),
      )
  }),
)
export const consentConforms = check(
  'HREX-025',
  'SHALL',
  'The Consent conforms to hrex-consent',
  onConsents((consent, { exchange }, { editions }) =>
    conformance(exchange, validate(consent, profile('hrex-consent'), editions)),
  ),
)

export const saysOnePolicy = check(
  'HREX-026',
  'SHALL',
  'The policy of the Consent is one of the two of HRex',
  onConsents((consent, { exchange }) => {
    const actual = at(consent, 'policy.uri')
    return actual.filter((uri) => policies.includes(String(uri))).length === 1
      ? []
      : [
          unmet(exchange, 'wrong-code', 'the Consent does not name one of the two policies', {
            expected: policies,
            actual,
            expression: 'Consent.policy.uri',
          }),
        ]
  }),
)

export const saysNothingElse = check(
  'HREX-028',
  'SHALL NOT',
  'The provision has no elements that its profile closes',
  onConsents((consent, { exchange }) =>
    ['securityLabel', 'purpose', 'class', 'code', 'dataPeriod', 'data', 'provision']
      .filter((element) => at(consent, `provision.${element}`).length > 0)
      .map((element) =>
        unmet(exchange, 'closed-element', `the provision has a ${element}`, {
          expression: `Consent.provision.${element}`,
        }),
      ),
  ),
)

export const identifiesOrganizations = check(
  'HREX-029',
  'SHALL',
  'Organizations are named by an identifier',
  onConsents((consent, { exchange, toMatch, toLink }) => {
    const places = [
      ...at(consent, 'provision.actor')
        .filter((actor) => [codes.performer, codes.recipient].some((role) => hasCoding(codingsAt(actor, 'role'), role)))
        .flatMap((actor) =>
          at(actor, 'reference').map((reference) => ['Consent.provision.actor.reference', reference, consent] as const),
        ),
      ...[toMatch, toLink].flatMap((coverage) =>
        coverage ? at(coverage, 'payor').map((payor) => ['Coverage.payor', payor, coverage] as const) : [],
      ),
    ]
    return places.flatMap(([expression, reference, holder]) => {
      const ids = identifiersOf(reference, holder)
      const [address] = at(reference, 'reference')
      // An organization that is elsewhere can have its identifier there.
      if (ids.length === 0 && typeof address === 'string' && !address.startsWith('#'))
        return [undecided(exchange, `${expression} points to ${address}, which is not in the request`)]
      if (ids.length === 0)
        return [
          unmet(exchange, 'missing-element', `${expression} names an organization without an identifier`, {
            expression,
          }),
        ]
      return ids
        .filter(
          (id) =>
            hasCoding(codingsAt(id, 'type'), { system: codes.memberNumber.system, code: 'TAX' }) &&
            id.system !== taxNumbers,
        )
        .map((id) =>
          unmet(exchange, 'wrong-system', 'a tax number has another system', {
            expected: taxNumbers,
            actual: id.system,
            expression,
          }),
        )
    })
  }),
)

export const consentChecks: readonly Check[] = [
  namesBothPayers,
  refusesConsent,
  keepsConsent,
  saysWhatItMust,
  consentConforms,
  saysOnePolicy,
  knowsOnePolicy,
  acceptsMoreActors,
  saysNothingElse,
  identifiesOrganizations,
]

export const consentUntested: Readonly<Record<string, string>> = {}
