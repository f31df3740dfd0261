/** Bindings of codes, Codings and concepts. */
import { type Probe, profile, url, valueSet, valueSetUrl } from '../probe.ts'
import { coded, observation, patient, system } from '../resources.ts'

export const bindings: readonly Probe[] = [
  {
    feature: 'binding-required-code',
    good: [patient({ gender: 'female' })],
    bad: [[patient({ gender: 'femal' }), 'binding-required Patient.gender']],
  },
  {
    feature: 'binding-required-CC',
    definitions: [
      valueSet('few', system, ['a']),
      profile('bound', 'Observation', [
        { id: 'Observation.code', binding: { strength: 'required', valueSet: valueSetUrl('few') } },
      ]),
    ],
    profiles: [url('bound')],
    good: [
      observation({
        code: {
          coding: [
            { system: 'http://o', code: 'q' },
            { system: system, code: 'a' },
          ],
        },
      }),
    ],
    bad: [
      [observation({ code: coded('b') }), 'binding-required Observation.code'],
      [observation({ code: { text: 'only text' } }), 'binding-required Observation.code'],
    ],
  },
  {
    feature: 'binding-extensible(warn)',
    definitions: [
      valueSet('few', system, ['a']),
      profile('loose', 'Observation', [
        { id: 'Observation.code', binding: { strength: 'extensible', valueSet: valueSetUrl('few') } },
      ]),
    ],
    profiles: [url('loose')],
    good: [observation({ code: coded('a') })],
    bad: [[observation({ code: coded('b') }), 'warning binding-extensible Observation.code']],
  },
  {
    feature: 'binding-additional',
    definitions: [
      valueSet('few', system, ['a']),
      profile('more', 'Observation', [
        {
          id: 'Observation.code',
          binding: {
            strength: 'preferred',
            valueSet: valueSetUrl('nowhere'),
            extension: [
              {
                url: 'http://hl7.org/fhir/tools/StructureDefinition/additional-binding',
                extension: [
                  { url: 'purpose', valueCode: 'required' },
                  { url: 'valueSet', valueCanonical: valueSetUrl('few') },
                ],
              },
            ],
          },
        },
      ]),
    ],
    profiles: [url('more')],
    good: [observation({ code: coded('a') })],
    bad: [[observation({ code: coded('b') }), 'binding-additional Observation.code']],
  },
  {
    feature: 'binding-additional-usage',
    definitions: [
      valueSet('few', system, ['a']),
      profile('scoped', 'Observation', [
        {
          id: 'Observation.code',
          binding: {
            strength: 'preferred',
            valueSet: valueSetUrl('nowhere'),
            extension: [
              {
                url: 'http://hl7.org/fhir/tools/StructureDefinition/additional-binding',
                extension: [
                  { url: 'purpose', valueCode: 'required' },
                  { url: 'valueSet', valueCanonical: valueSetUrl('few') },
                  {
                    url: 'usage',
                    valueUsageContext: {
                      code: { system: url('scoped'), code: 'Observation.category' },
                      valueCodeableConcept: coded('lab'),
                    },
                  },
                ],
              },
            ],
          },
        },
      ]),
    ],
    profiles: [url('scoped')],
    good: [observation({ code: coded('z') }), observation({ category: [coded('lab')], code: coded('a') })],
    bad: [[observation({ category: [coded('lab')], code: coded('z') }), 'binding-additional Observation.code']],
  },
  {
    feature:
      'an extensible binding and what it says nothing of: a reference in place of a concept, a Coding without a code',
    profiles: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest'],
    good: [
      {
        resourceType: 'MedicationRequest',
        status: 'active',
        intent: 'order',
        authoredOn: '2026-01-01',
        subject: { reference: 'Patient/1' },
        requester: { reference: 'Practitioner/1' },
        medicationReference: { reference: 'Medication/1', display: 'a' },
        meta: { security: [{ display: 'in words alone' }] },
      },
    ],
    bad: [
      [
        {
          resourceType: 'MedicationRequest',
          status: 'active',
          intent: 'order',
          authoredOn: '2026-01-01',
          subject: { reference: 'Patient/1' },
          requester: { reference: 'Practitioner/1' },
          medicationReference: { reference: 'Medication/1' },
          meta: { security: [{ system: 'http://example.org/own', code: 'x' }] },
        },
        'warning binding-extensible MedicationRequest.meta.security[0]',
      ],
    ],
  },
]
