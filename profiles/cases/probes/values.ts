/** What a value may be: fixed, pattern, least and longest, type. */
import { core, type Probe, profile, url } from '../probe.ts'
import { coded, observation, patient, system } from '../resources.ts'

export const values: readonly Probe[] = [
  {
    feature: 'fixed-complex',
    definitions: [
      profile('fixed', 'Patient', [{ id: 'Patient.maritalStatus', fixedCodeableConcept: coded('M', 'http://x') }]),
    ],
    profiles: [url('fixed')],
    good: [patient({ maritalStatus: coded('M', 'http://x') })],
    bad: [
      [patient({ maritalStatus: { ...coded('M', 'http://x'), text: 'more' } }), 'value-fixed Patient.maritalStatus'],
    ],
  },
  {
    feature: 'pattern-nested',
    definitions: [profile('pattern', 'Observation', [{ id: 'Observation.code', patternCodeableConcept: coded('a') }])],
    profiles: [url('pattern')],
    good: [
      observation({
        code: {
          coding: [
            { system: 'http://other', code: 'z' },
            { system: system, code: 'a' },
          ],
        },
      }),
    ],
    bad: [[observation({ code: coded('b') }), 'value-pattern Observation.code']],
  },
  {
    feature: 'maxLength',
    definitions: [profile('short', 'Patient', [{ id: 'Patient.name.family', maxLength: 5 }])],
    profiles: [url('short')],
    good: [patient({ name: [{ family: 'Adams' }] })],
    bad: [[patient({ name: [{ family: 'Adamson' }] }), 'value-length Patient.name[0].family']],
  },
  {
    feature: 'minValue',
    definitions: [
      profile('least', 'Observation', [
        {
          id: 'Observation.value[x]',
          type: [{ code: 'Quantity' }],
          minValueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'g' },
        },
      ]),
    ],
    profiles: [url('least')],
    good: [
      observation({ valueQuantity: { value: 2, system: 'http://unitsofmeasure.org', code: 'g' } }),
      observation({ valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'kg' } }),
    ],
    bad: [
      [
        observation({ valueQuantity: { value: 0.5, system: 'http://unitsofmeasure.org', code: 'g' } }),
        'value-min Observation.value.ofType(Quantity)',
      ],
      [
        observation({ valueQuantity: { value: 5, system: 'http://unitsofmeasure.org', code: 'mg' } }),
        'value-min Observation.value.ofType(Quantity)',
      ],
    ],
  },
  {
    feature: 'choice-type-restrict',
    definitions: [
      profile('amount', 'Observation', [
        { id: 'Observation.value[x]', type: [{ code: 'Quantity' }, { code: 'string' }] },
      ]),
    ],
    profiles: [url('amount')],
    good: [observation({ valueString: 'x' }), observation({ valueQuantity: { value: 1 } })],
    bad: [[observation({ valueInteger: 3 }), 'type-not-allowed Observation.value.ofType(integer)']],
  },
  {
    feature: 'fixed-without-value',
    definitions: [profile('male', 'Patient', [{ id: 'Patient.gender', min: 1, fixedCode: 'male' }])],
    profiles: [url('male')],
    good: [
      patient({ gender: 'male' }),
      patient({ _gender: { extension: [{ url: core('data-absent-reason'), valueCode: 'unknown' }] } }),
    ],
    bad: [[patient({ gender: 'female' }), 'value-fixed Patient.gender']],
  },
]
