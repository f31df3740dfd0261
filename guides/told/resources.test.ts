/** Checks of what resources hold and point at, each tried with a good answer, a bad one and a legal variant. */
import { describe, expect, it } from 'vitest'
import { all, condition, holding, type Question, read, refused, search, titled } from './questions.ts'
import { sceneOf, searchset, told } from './told.ts'
import { heardOf } from './verdicts.ts'

const questions: readonly Question[] = [
  [
    'PDEX-030',
    'pass',
    [
      search('patient=ana', [
        { resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { url: 'Binary/b' } }] },
      ]),
      told('binary', 'Binary/b', { answer: 'text' }),
    ],
  ],
  [
    'PDEX-030',
    'warning',
    [
      search('patient=ana', [
        { resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { url: 'Binary/b' } }] },
      ]),
      told('binary', 'Binary/b', refused(404)),
    ],
  ],
  [
    'PDEX-030',
    'skip',
    [
      search('patient=ana', [
        { resourceType: 'DocumentReference', id: 'd', content: [{ attachment: { url: 'Binary/b' } }] },
      ]),
    ],
  ],
  [
    'PDEX-035/a-versioned-reference-is',
    'fail',
    [search('patient=ana', [condition('1', { encounter: { reference: 'Encounter/n|2' } })])],
  ],
  [
    'PDEX-035/a-versioned-reference-is',
    'pass',
    [search('patient=ana', [condition('1', { encounter: { reference: 'Encounter/n/_history/2' } })])],
  ],
  [
    'PDEX-361',
    'fail',
    [search('patient=ana', [{ resourceType: 'Device', id: 'd', udiCarrier: [{ deviceIdentifier: '1' }] }])],
  ],
  [
    'PDEX-361',
    'fail',
    [
      search('patient=ana', [
        { resourceType: 'Device', id: 'd', udiCarrier: [{ deviceIdentifier: '1', carrierHRF: '(01)1(10)A' }] },
      ]),
    ],
  ],
  [
    'PDEX-361',
    'pass',
    [
      search('patient=ana', [
        {
          resourceType: 'Device',
          id: 'd',
          lotNumber: 'A',
          udiCarrier: [{ deviceIdentifier: '1', carrierHRF: '(01)1(10)A' }],
        },
      ]),
    ],
  ],
  [
    'PDEX-363',
    'fail',
    [
      search('patient=ana', [
        { resourceType: 'CareTeam', id: 't', participant: [{ member: { reference: 'Patient/ana' } }] },
      ]),
    ],
    holding({ resourceType: 'CareTeam', id: 't', participant: [{ member: { reference: 'Practitioner/p' } }] }),
  ],
  [
    'PDEX-363',
    'pass',
    [
      search('patient=ana', [
        { resourceType: 'CareTeam', id: 't', participant: [{ member: { reference: 'PractitionerRole/r' } }] },
      ]),
    ],
  ],
  [
    'PDEX-368',
    'fail',
    [search('patient=ana', [{ resourceType: 'Encounter', id: 'n', serviceProvider: {} }])],
    holding({ resourceType: 'Encounter', id: 'n', reasonCode: [{ text: 'cough' }] }),
  ],
  ['PDEX-369', 'pass', [search('patient=ana', [{ resourceType: 'Goal', id: 'g', startDate: '2020' }])]],
  [
    'PDEX-372',
    'fail',
    [
      told('search', 'MedicationRequest?patient=ana&_include=MedicationRequest:medication', {
        answer: searchset([
          { resourceType: 'MedicationRequest', id: 'm', medicationReference: { reference: 'Medication/x' } },
        ]),
      }),
    ],
  ],
  [
    'PDEX-372',
    'pass',
    [
      told('search', 'MedicationRequest?patient=ana&_include=MedicationRequest:medication', {
        answer: searchset([
          { resourceType: 'MedicationRequest', id: 'm', medicationReference: { reference: 'Medication/x' } },
          { resourceType: 'Medication', id: 'x', mode: 'include' },
        ]),
      }),
      read('Medication/x', { answer: { resourceType: 'Medication', id: 'x' } }),
    ],
  ],
  [
    'PDEX-358',
    'fail',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([
          { resourceType: 'ExplanationOfBenefit', id: 'e', provider: { reference: 'Practitioner/p' } },
        ]),
      }),
    ],
  ],
  [
    'PDEX-357',
    'fail',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([{ resourceType: 'Practitioner', id: 'p', active: true, mode: 'include' }]),
      }),
      read('Practitioner/p', { answer: { resourceType: 'Practitioner', id: 'p' } }),
    ],
  ],
  [
    'PDEX-357',
    'pass',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', {
        answer: searchset([{ active: true, resourceType: 'Practitioner', id: 'p', mode: 'include' }]),
      }),
      read('Practitioner/p', { answer: { resourceType: 'Practitioner', id: 'p', active: true } }),
    ],
  ],
  [
    'PDEX-359',
    'warning',
    [told('search', 'ExplanationOfBenefit?patient=ana&_include=ExplanationOfBenefit:*', { answer: searchset([]) })],
  ],
  ['PDEX-342', 'pass', [told('probe', 'DocumentReference/$docref?patient=ana', { answer: searchset([]) })]],
  ['PDEX-342', 'fail', [told('probe', 'DocumentReference/$docref?patient=ana', refused(404))]],
  ['PDEX-473', 'fail', [search('patient=ana', [{ resourceType: 'Device', id: 'd', patient: {} }])]],
  [
    'PDEX-475',
    'fail',
    [
      search('patient=ana', [
        {
          resourceType: 'MedicationDispense',
          id: 'd',
          extension: [
            { url: 'http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/DispenseRefill', valueInteger: 1 },
          ],
        },
      ]),
    ],
  ],
  [
    'PDEX-474',
    'fail',
    [
      search('patient=ana', [
        {
          resourceType: 'MedicationDispense',
          id: 'd',
          status: 'completed',
          meta: { profile: ['http://hl7.org/fhir/us/davinci-pdex/StructureDefinition/pdex-medicationdispense'] },
          medicationCodeableConcept: { coding: [{ system: 'http://www.nlm.nih.gov/research/umls/rxnorm' }] },
        },
      ]),
    ],
  ],
  [
    'HREX-030',
    'fail',
    [
      search('patient=ana', [
        {
          resourceType: 'Provenance',
          id: 'p',
          meta: { profile: ['http://hl7.org/fhir/us/davinci-hrex/StructureDefinition/hrex-provenance'] },
          target: [{ display: 'x' }],
        },
      ]),
    ],
  ],
  [
    'HREX-037',
    'skip',
    [search('patient=ana', [condition('1', { extension: [{ url: 'https://other.example/x', valueString: 'x' }] })])],
  ],
  [
    'HREX-037',
    'pass',
    [
      search('patient=ana', [condition('1', { extension: [{ url: 'https://other.example/x', valueString: 'x' }] })]),
      all,
    ],
  ],
  [
    'CORE-064',
    'fail',
    [
      search('patient=ana', [
        condition('1', {
          _onsetDateTime: {
            extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'dunno' }],
          },
        }),
      ]),
    ],
  ],
  [
    'CORE-064',
    'pass',
    [
      search('patient=ana', [
        condition('1', {
          _onsetDateTime: {
            extension: [
              { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'asked-unknown' },
            ],
          },
        }),
      ]),
    ],
  ],
  // The guides profile no Binary, so it has no profile to name.
  ['PDEX-337', 'warning', [search('patient=ana', [condition('1')])]],
  [
    'PDEX-337',
    'pass',
    [
      search('patient=ana', [
        { resourceType: 'Binary', id: 'b', contentType: 'text/plain', data: 'eA==' },
        { resourceType: 'Flag', id: 'f' },
      ]),
    ],
  ],
]

describe('a resource that came', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
