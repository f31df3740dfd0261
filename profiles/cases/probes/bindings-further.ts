/** Bindings and codes by rule: systems and versions, units, languages, MIME types, currencies; of a code, a URI, a Quantity. */
import { core, type Probe, profile, url, valueSet, valueSetUrl } from '../probe.ts'
import { coded, observation, organization, patient, system, ucum } from '../resources.ts'

const gender = 'http://hl7.org/fhir/administrative-gender'
const category = 'http://terminology.hl7.org/CodeSystem/observation-category'
const own = {
  resourceType: 'CodeSystem',
  url: 'http://vitruvian.test/CodeSystem/own',
  status: 'active',
  content: 'complete',
  caseSensitive: true,
  version: '1',
  concept: [
    { code: 'a', display: 'A' },
    { code: 'b', concept: [{ code: 'c' }] },
  ],
}
const ownSystem = own.url

export const bindingsFurther: readonly Probe[] = [
  {
    feature: 'a required code stands as it is: case and system matter',
    good: [patient({ gender: 'unknown' }), patient({ contact: [{ gender: 'male', name: { text: 'x' } }] })],
    bad: [
      [patient({ gender: 'Male' }), 'binding-required Patient.gender'],
      [patient({ contact: [{ gender: 'm', name: { text: 'x' } }] }), 'binding-required Patient.contact[0].gender'],
      [patient({ name: [{ use: 'legal' }] }), 'binding-required Patient.name[0].use'],
      [patient({ telecom: [{ system: 'mobile', value: '1' }] }), 'binding-required Patient.telecom[0].system'],
      [
        patient({ link: [{ other: { reference: 'Patient/2' }, type: 'same' }] }),
        'binding-required Patient.link[0].type',
      ],
      [{ resourceType: 'Observation', status: 'done', code: { text: 'x' } }, 'binding-required Observation.status'],
    ],
  },
  {
    feature: 'a concept has a coding of the value set, of the right system',
    definitions: [
      valueSet('genders', gender, ['male', 'female']),
      profile('bound-code', 'Observation', [
        { id: 'Observation.code', binding: { strength: 'required', valueSet: valueSetUrl('genders') } },
      ]),
    ],
    profiles: [url('bound-code')],
    good: [
      observation({ code: coded('male', gender) }),
      observation({
        code: {
          coding: [
            { system, code: 'z' },
            { system: gender, code: 'female', version: '4.0.1' },
          ],
          text: 'x',
        },
      }),
    ],
    bad: [
      [observation({ code: coded('other', gender) }), 'binding-required Observation.code'],
      [observation({ code: coded('male') }), 'binding-required Observation.code'],
      [observation({ code: { coding: [{ code: 'male' }] } }), 'binding-required Observation.code'],
      [observation({ code: { coding: [{ system: gender }] } }), 'binding-required Observation.code'],
      [
        observation({ code: { coding: [{ system: gender, display: 'Male' }], text: 'male' } }),
        'binding-required Observation.code',
      ],
      [observation({ code: { text: 'male' } }), 'binding-required Observation.code'],
    ],
  },
  {
    feature: 'codes of systems at hand exist, bound or not',
    definitions: [own],
    good: [
      observation({ code: coded('a', ownSystem) }),
      observation({ code: coded('c', ownSystem) }),
      observation({ code: { coding: [{ system: ownSystem }] } }),
      observation({ code: coded('anything', 'http://nowhere.test/cs') }),
    ],
    bad: [
      [observation({ code: coded('A', ownSystem) }), 'code-unknown Observation.code.coding[0].code'],
      [observation({ code: coded('z', ownSystem) }), 'code-unknown Observation.code.coding[0].code'],
      [patient({ meta: { tag: [{ system: ownSystem, code: 'z' }] } }), 'code-unknown Patient.meta.tag[0].code'],
      [observation({ code: coded('a', 'own') }), 'code-system-invalid Observation.code.coding[0].system'],
      [
        observation({ code: coded('male', 'http://hl7.org/fhir/ValueSet/administrative-gender') }),
        'code-system-invalid Observation.code.coding[0].system',
      ],
    ],
  },
  {
    feature: 'value sets that include, exclude, filter and build on others',
    definitions: [
      own,
      {
        resourceType: 'ValueSet',
        url: valueSetUrl('all-but-b'),
        status: 'active',
        compose: { include: [{ system: ownSystem }], exclude: [{ system: ownSystem, concept: [{ code: 'b' }] }] },
      },
      {
        resourceType: 'ValueSet',
        url: valueSetUrl('below-b'),
        status: 'active',
        compose: { include: [{ system: ownSystem, filter: [{ property: 'concept', op: 'is-a', value: 'b' }] }] },
      },
      {
        resourceType: 'ValueSet',
        url: valueSetUrl('both'),
        status: 'active',
        compose: { include: [{ valueSet: [valueSetUrl('all-but-b'), valueSetUrl('below-b')] }] },
      },
      profile('set-algebra', 'Observation', [
        { id: 'Observation.code', binding: { strength: 'required', valueSet: valueSetUrl('all-but-b') } },
        { id: 'Observation.bodySite', binding: { strength: 'required', valueSet: valueSetUrl('both') } },
        { id: 'Observation.method', binding: { strength: 'required', valueSet: valueSetUrl('below-b') } },
      ]),
    ],
    profiles: [url('set-algebra')],
    good: [
      observation({ code: coded('a', ownSystem), method: coded('b', ownSystem), bodySite: coded('c', ownSystem) }),
      observation({ code: coded('c', ownSystem), method: coded('c', ownSystem) }),
    ],
    bad: [
      [observation({ code: coded('b', ownSystem) }), 'binding-required Observation.code'],
      [
        observation({ code: coded('a', ownSystem), method: coded('a', ownSystem) }),
        'binding-required Observation.method',
      ],
      [
        observation({ code: coded('a', ownSystem), bodySite: coded('a', ownSystem) }),
        'binding-required Observation.bodySite',
      ],
      [
        observation({ code: coded('a', ownSystem), bodySite: coded('b', ownSystem) }),
        'binding-required Observation.bodySite',
      ],
    ],
  },
  {
    feature: 'units of UCUM',
    good: ['mg/dL', 'mm[Hg]', '10*9/L', '{beats}/min', 'kg/m2', '%', '[in_i]', 'umol/L', '1', 'm[H2O]'].map((code) =>
      observation({ valueQuantity: { value: 1, system: ucum, code } }),
    ),
    bad: ['mmHg', 'MG/DL!', 'bpm', 'kg/m²', 'degrees'].map((code) => [
      observation({ valueQuantity: { value: 1, system: ucum, code } }),
      'code-unknown Observation.value.ofType(Quantity).code',
    ]),
  },
  {
    feature: 'languages by BCP 47',
    good: ['en', 'en-US', 'de-CH-1996', 'zh-Hans-CN', 'sr-Latn', 'x-klingon', 'es-419'].map((language) =>
      patient({ language }),
    ),
    bad: ['english', 'en_US', 'xx', 'e', 'en-', '12'].map((language) => [
      patient({ language }),
      'binding-maximum Patient.language',
    ]),
  },
  {
    feature: 'MIME types and currencies',
    good: [
      'text/plain',
      'application/fhir+json',
      'text/plain; charset=utf-8',
      'image/svg+xml',
      'application/vnd.ms-excel',
    ].map((contentType) => patient({ photo: [{ contentType, data: 'QUJD' }] })),
    bad: [
      [patient({ photo: [{ contentType: 'text', data: 'QUJD' }] }), 'binding-required Patient.photo[0].contentType'],
      [patient({ photo: [{ contentType: '/plain', data: 'QUJD' }] }), 'binding-required Patient.photo[0].contentType'],
      [{ resourceType: 'Binary', contentType: 'pdf', data: 'QUJD' }, 'binding-required Binary.contentType'],
    ],
  },
  {
    feature: 'a Quantity bound to units',
    definitions: [
      valueSet('grams', ucum, ['g', 'kg']),
      profile('in-grams', 'Observation', [
        {
          id: 'Observation.value[x]',
          type: [{ code: 'Quantity' }],
          binding: { strength: 'required', valueSet: valueSetUrl('grams') },
        },
      ]),
    ],
    profiles: [url('in-grams')],
    good: [observation({ valueQuantity: { value: 1, system: ucum, code: 'kg' } })],
    bad: [
      [
        observation({ valueQuantity: { value: 1, system: ucum, code: 'mg' } }),
        'binding-required Observation.value.ofType(Quantity)',
      ],
      [
        observation({ valueQuantity: { value: 1, system: 'http://u', code: 'g' } }),
        'binding-required Observation.value.ofType(Quantity)',
      ],
    ],
  },
  {
    feature: 'a string or URI bound to codes',
    definitions: [
      valueSet('states', 'http://vitruvian.test/states', ['AA', 'BB']),
      valueSet('systems', 'http://vitruvian.test/uris', ['http://a', 'http://b']),
      profile('bound-text', 'Patient', [
        { id: 'Patient.identifier.system', binding: { strength: 'required', valueSet: valueSetUrl('systems') } },
        { id: 'Patient.address.state', binding: { strength: 'required', valueSet: valueSetUrl('states') } },
      ]),
    ],
    profiles: [url('bound-text')],
    good: [patient({ address: [{ state: 'AA' }], identifier: [{ system: 'http://a' }] })],
    bad: [
      [patient({ address: [{ state: 'CC' }] }), 'binding-required Patient.address[0].state'],
      [patient({ identifier: [{ system: 'http://c' }] }), 'binding-required Patient.identifier[0].system'],
    ],
  },
  {
    feature: 'an extensible binding warns, a preferred one says nothing',
    good: [
      observation({ category: [coded('laboratory', category)] }),
      observation({ category: [coded('own')] }),
      organization({ type: [coded('x')] }),
    ],
    bad: [
      [patient({ maritalStatus: coded('x') }), 'warning binding-extensible Patient.maritalStatus'],
      [patient({ maritalStatus: { text: 'x' } }), 'warning binding-extensible Patient.maritalStatus'],
    ],
  },
  {
    feature: 'a Coding bound, and a maximum on an extensible binding',
    definitions: [
      valueSet('small', system, ['a']),
      valueSet('large', system, ['a', 'b']),
      profile('maximal', 'Observation', [
        {
          id: 'Observation.method',
          binding: {
            strength: 'extensible',
            valueSet: valueSetUrl('small'),
            extension: [{ url: core('elementdefinition-maxValueSet'), valueCanonical: valueSetUrl('large') }],
          },
        },
      ]),
    ],
    profiles: [url('maximal')],
    good: [observation({ method: coded('a') })],
    bad: [
      [observation({ method: coded('b') }), 'warning binding-extensible Observation.method'],
      [
        observation({ method: coded('c') }),
        'warning binding-extensible Observation.method',
        'binding-maximum Observation.method',
      ],
    ],
  },
]
