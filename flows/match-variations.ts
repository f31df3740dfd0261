/** What may differ between $member-match requests without being wrong: nobody may be refused for it. */

import type { Spoil } from './match-mistakes.ts'
import type { MatchDraft } from './match-request.ts'
import { actor, organization } from './match-request.ts'

const hl7 = (name: string): string => `http://terminology.hl7.org/CodeSystem/${name}`
const birthSex = 'http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex'
const sexOf: Readonly<Record<string, string>> = { female: 'F', male: 'M' }

export const variations = {
  'with the parameters in another order': (draft) => {
    draft.parameters.reverse()
  },
  'with an extension that nobody knows': ({ patient, coverageToMatch, coverageToLink, consent }) => {
    for (const part of [patient, coverageToMatch, coverageToLink, consent])
      part.extension = [
        ...(part.extension ?? []),
        { url: 'https://extensions.example/favourite-colour', valueString: 'blue' },
      ]
  },
  'with birth sex in place of gender': ({ patient }) => {
    const known = patient.extension?.some(({ url }) => url === birthSex)
    const sex = sexOf[patient.gender ?? ''] ?? 'UNK'
    if (!known) patient.extension = [...(patient.extension ?? []), { url: birthSex, valueCode: sex }]
    delete patient.gender
  },
  'with a consent that names further payers': (draft) => {
    const further = {
      ...draft.about.asker,
      name: 'A Further Payer',
      identifier: { ...draft.about.asker.identifier, value: '99991' },
    }
    addActors(draft, further, further)
  },
  'with a mutual consent': (draft) => addActors(draft, draft.about.asker, draft.about.payer),
  'with a consent whose document nobody can fetch': ({ consent }) => {
    consent.sourceReference = { reference: 'https://nowhere.invalid/fhir/DocumentReference/1' }
  },
  'with a consent that a representative gave': ({ consent, patient }) => {
    const representative = {
      resourceType: 'RelatedPerson' as const,
      id: 'representative',
      active: true,
      patient: { reference: `Patient/${patient.id}` },
      relationship: [{ coding: [{ system: hl7('v3-RoleCode'), code: 'DPOWATT' }] }],
      name: [{ family: patient.name?.[0]?.family ?? 'Kin', given: ['Robin'] }],
    }
    consent.contained = [...(consent.contained ?? []), representative]
    consent.performer = [{ reference: '#representative' }]
    consent.provision?.actor?.push({
      role: { coding: [{ system: hl7('v3-RoleCode'), code: 'DPOWATT' }] },
      reference: { reference: '#representative' },
    })
  },
} satisfies Record<string, Spoil>

/** Actors beside the two that must be there, before them so that nobody gets by with looking at the first. */
function addActors(
  draft: MatchDraft,
  discloser: MatchDraft['about']['asker'],
  recipient: MatchDraft['about']['asker'],
): void {
  const { consent } = draft
  consent.contained = [
    ...(consent.contained ?? []),
    organization(discloser, 'further-discloser'),
    organization(recipient, 'further-recipient'),
  ]
  consent.provision?.actor?.unshift(
    actor(hl7('provenance-participant-type'), 'performer', discloser, 'further-discloser'),
    actor(hl7('v3-ParticipationType'), 'IRCP', recipient, 'further-recipient'),
  )
}
