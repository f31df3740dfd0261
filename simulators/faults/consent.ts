/** Ways to be wrong about the consent that comes with a match: not looking, looking at one actor, off by a day, giving the member away. */
import type { Consent, ConsentProvisionActor, Coverage, Organization } from 'fhir/r4.js'
import { day, daysLater } from '../../harness/clock.ts'
import { outcome } from '../simulator.ts'
import type { PayerState } from '../state/payer-state.ts'
import type { Fault } from './fault.ts'
import { askedIn, endingOtherwise, fault, fitting, matchOf, misanswer, misread, partOf } from './match-spoiling.ts'

const hrexPolicy = 'http://hl7.org/fhir/us/davinci-hrex/StructureDefinition-hrex-consent.html'
const cannotHonour = ['HREX-011', 'PDEX-114', 'PDEX-115', 'PDEX-118'] as const

const onConsent = (change: (consent: Consent, state: PayerState, link: Coverage | undefined) => void) =>
  misread((body, state) => {
    const consent = partOf<Consent>(body, 'Consent')
    if (consent) change(consent, state, partOf<Coverage>(body, 'CoverageToLink'))
  })

/** Refuses a good match where the Consent is like that. */
const refusing = (like: (consent: Consent, state: PayerState) => boolean) =>
  misanswer(async (answer, request, state) => {
    const body = await askedIn(request)
    const consent = body && partOf<Consent>(body, 'Consent')
    return answer.status === 200 && consent && like(consent, state)
      ? outcome(422, 'business-rule', 'the consent cannot be honoured')
      : answer
  })

/** A refusal for the consent, and somebody to whom it was about. */
const telling = (
  tell: (answer: Response, patientId: string, identifier: string, state: PayerState) => Response | Promise<Response>,
) =>
  misanswer(async (answer, request, state) => {
    if (answer.status !== 422) return answer
    const { issue = [] } = (await answer.clone().json()) as { issue?: { code?: string }[] }
    const [member] = await fitting(request, state)
    return issue[0]?.code === 'business-rule' && member
      ? tell(answer, member.patientId, member.memberIdentifier.value, state)
      : answer
  })

const isRole = (actor: ConsentProvisionActor, code: string): boolean =>
  actor.role?.coding?.some((coding) => coding.code === code) ?? false

const says = (consent: Consent, end: 'start' | 'end', state: PayerState, days: number): boolean =>
  consent.provision?.period?.[end] === day(daysLater(state.clock.now(), days))

export const consentFaults: readonly Fault[] = [
  fault(
    'consent-begins-a-day-late',
    'A consent is not honoured on its first day',
    ['PDEX-118'],
    refusing((consent, state) => says(consent, 'start', state, 0)),
  ),
  fault(
    'consent-ends-a-day-early',
    'A consent is not honoured on its last day',
    ['PDEX-118'],
    refusing((consent, state) => says(consent, 'end', state, 0)),
  ),
  fault(
    'partial-dates-are-refused',
    'A period that names a month or a year is not understood',
    ['PDEX-118'],
    refusing((consent) => /^\d{4}(-\d\d)?$/.test(consent.provision?.period?.start ?? '')),
  ),
  fault(
    'consent-begins-a-day-early',
    'A consent that starts tomorrow is honoured today',
    cannotHonour,
    onConsent((consent, state) => {
      if (says(consent, 'start', state, 1) && consent.provision?.period)
        consent.provision.period.start = day(state.clock.now())
    }),
  ),
  fault(
    'consent-ends-a-day-late',
    'A consent that ended yesterday is honoured today',
    cannotHonour,
    onConsent((consent, state) => {
      if (says(consent, 'end', state, -1) && consent.provision?.period)
        consent.provision.period.end = day(state.clock.now())
    }),
  ),
  fault(
    'recipient-not-compared',
    'Anybody may use a consent that names another recipient',
    cannotHonour,
    onConsent((consent, _state, link) => {
      const organization = link?.contained?.find((r): r is Organization => r.resourceType === 'Organization')
      const identifier = link?.payor?.[0]?.identifier ?? organization?.identifier?.[0]
      for (const actor of consent.provision?.actor ?? [])
        if (isRole(actor, 'IRCP') && identifier) actor.reference = { identifier }
    }),
  ),
  fault(
    'performer-not-compared',
    'A consent that lets another payer disclose is honoured',
    cannotHonour,
    onConsent((consent, state) => {
      for (const actor of consent.provision?.actor ?? [])
        if (isRole(actor, 'performer')) actor.reference = { identifier: { ...state.identity.identifier } }
    }),
  ),
  fault(
    'first-actors-only',
    'Of several performers and recipients only the first is looked at',
    ['HREX-027'],
    onConsent((consent) => {
      const actors = consent.provision?.actor ?? []
      const kept = ['performer', 'IRCP'].flatMap((code) => actors.find((actor) => isRole(actor, code)) ?? [])
      if (consent.provision) consent.provision.actor = kept
    }),
  ),
  fault(
    'policy-not-looked-at',
    'Every consent is taken for one to everything',
    cannotHonour,
    onConsent((consent) => {
      for (const policy of consent.policy ?? [])
        if (policy.uri?.endsWith('#regular')) policy.uri = `${hrexPolicy}#sensitive`
    }),
  ),
  fault(
    'any-policy-will-do',
    'A policy that nobody knows is taken for one to everything',
    ['PDEX-117', 'PDEX-118'],
    onConsent((consent) => {
      for (const policy of consent.policy ?? []) policy.uri = `${hrexPolicy}#sensitive`
    }),
  ),
  fault(
    'no-policy-recognised',
    'Consents of either policy are refused',
    ['HREX-027', 'PDEX-107'],
    refusing(() => true),
  ),
  fault(
    'consent-about-anybody',
    'It does not matter whom the consent is about',
    ['PDEX-117', 'PDEX-118'],
    onConsent((consent) => {
      consent.patient = { reference: 'Patient/1' }
    }),
  ),
  fault(
    'match-without-consent',
    'A match needs no consent',
    ['PDEX-117', 'PDEX-118'],
    misanswer(async (answer, request, state) => {
      const body = await askedIn(request.clone())
      const [member] = await fitting(request, state)
      return answer.status === 422 && body && member && !partOf(body, 'Consent')
        ? new Response(JSON.stringify(matchOf(member)), { headers: { 'content-type': 'application/fhir+json' } })
        : answer
    }),
  ),
  fault(
    'source-is-fetched',
    'A consent whose document cannot be fetched is refused',
    ['PDEX-119'],
    refusing((consent) => consent.sourceReference?.reference?.includes('.invalid/') ?? false),
  ),
  fault(
    'block-is-forgotten',
    'What the member told this payer does not count',
    cannotHonour,
    (honest, state) => async (request, visit) => {
      for (const { patientId } of state.members)
        for (const { organization } of state.clients) state.consents.unblock(patientId, organization.identifier)
      return honest(request, visit)
    },
  ),
  fault(
    'consent-refusal-is-403',
    'A consent that cannot be honoured is answered 403',
    ['HREX-011', 'PDEX-115'],
    telling(() => outcome(403, 'forbidden', 'the consent cannot be honoured')),
  ),
  fault(
    'consent-refusal-is-400',
    'A consent that cannot be honoured is answered 400',
    ['HREX-011', 'PDEX-115'],
    telling(() => outcome(400, 'business-rule', 'the consent cannot be honoured')),
  ),
  fault(
    'consent-refusal-tells-the-patient-id',
    'A refusal for the consent names the Patient in its diagnostics',
    ['HREX-011', 'PDEX-114'],
    telling((_answer, patientId) =>
      outcome(422, 'business-rule', `the consent cannot be honoured for Patient/${patientId}`),
    ),
  ),
  fault(
    'consent-refusal-tells-the-identifier',
    'A refusal for the consent carries the member identifier in a header',
    ['HREX-011', 'PDEX-114'],
    telling((answer, _patientId, identifier) => {
      const headers = new Headers(answer.headers)
      headers.set('x-correlation-id', `match-${identifier}-refused`)
      return new Response(answer.body, { status: 422, headers })
    }),
  ),
  fault(
    'consent-refusal-locates-the-patient',
    'A refusal for the consent points to the Patient in Content-Location',
    ['HREX-011', 'PDEX-114'],
    telling((answer, patientId, _identifier, state) => {
      const headers = new Headers(answer.headers)
      headers.set('content-location', `${state.base}/fhir/Patient/${patientId}/_history/1`)
      return new Response(answer.body, { status: 422, headers })
    }),
  ),
  fault(
    'consent-is-not-kept',
    'The period of the consent is not kept: what was matched once stays open',
    ['HREX-013'],
    endingOtherwise(() => '9999'),
  ),
  fault(
    'revocation-is-forgotten',
    'A consent that was revoked is honoured like before',
    ['PDEX-124'],
    (honest, state) => async (request, visit) => {
      for (const { patientId } of state.members)
        for (const { organization } of state.clients) {
          const latest = state.consents.latest(patientId, organization.identifier)
          if (latest) state.consents.store({ ...latest, receivedAt: state.clock.now() })
        }
      return honest(request, visit)
    },
    '*',
  ),
]
