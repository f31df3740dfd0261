/** One probe for each feature of profile validation that the study of validators asked for, and for some that it did not. */
import { by, constraint, extension, type Probe, profile, url, valueSet } from './probe.ts'

const patient = (more: object = {}): object => ({ resourceType: 'Patient', ...more })
const observation = (more: object = {}): object => ({
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'x' },
  ...more,
})
const bundle = (type: string, ...entry: object[]): object => ({ resourceType: 'Bundle', type, entry })
const core = 'http://hl7.org/fhir/StructureDefinition/'
const coding = (code: string, system = 'http://vitruvian.test/cs'): object => ({ coding: [{ system, code }] })
const xhtml = (inner: string): object => ({
  status: 'generated',
  div: `<div xmlns="http://www.w3.org/1999/xhtml">${inner}</div>`,
})

const strict = profile('strict', 'Patient', [{ id: 'Patient.birthDate', min: 1 }])
const organization = profile('org', 'Organization', [{ id: 'Organization.name', min: 1 }])

export const features: readonly Probe[] = [
  {
    feature: 'card-min',
    definitions: [strict],
    profiles: [url('strict')],
    valid: patient({ birthDate: '1980-01-01' }),
    invalid: patient(),
    code: 'cardinality-min',
    at: 'Patient.birthDate',
  },
  {
    feature: 'card-max',
    definitions: [profile('one-name', 'Patient', [{ id: 'Patient.name', max: '1' }])],
    profiles: [url('one-name')],
    valid: patient({ name: [{ text: 'a' }] }),
    invalid: patient({ name: [{ text: 'a' }, { text: 'b' }] }),
    code: 'cardinality-max',
    at: 'Patient.name',
  },
  {
    feature: 'prohibited',
    definitions: [
      profile('no-photo', 'Patient', [
        { id: 'Patient.animal', max: '0' },
        { id: 'Patient.photo', max: '0' },
      ]),
    ],
    profiles: [url('no-photo')],
    valid: patient({ active: true }),
    invalid: patient({ photo: [{ title: 'me' }] }),
    code: 'cardinality-max',
    at: 'Patient.photo',
  },
  {
    feature: 'fixed-complex',
    definitions: [
      profile('fixed', 'Patient', [{ id: 'Patient.maritalStatus', fixedCodeableConcept: coding('M', 'http://x') }]),
    ],
    profiles: [url('fixed')],
    valid: patient({ maritalStatus: coding('M', 'http://x') }),
    invalid: patient({ maritalStatus: { ...coding('M', 'http://x'), text: 'more' } }),
    code: 'value-fixed',
    at: 'Patient.maritalStatus',
  },
  {
    feature: 'pattern-nested',
    definitions: [profile('pattern', 'Observation', [{ id: 'Observation.code', patternCodeableConcept: coding('a') }])],
    profiles: [url('pattern')],
    valid: observation({
      code: {
        coding: [
          { system: 'http://other', code: 'z' },
          { system: 'http://vitruvian.test/cs', code: 'a' },
        ],
      },
    }),
    invalid: observation({ code: coding('b') }),
    code: 'value-pattern',
    at: 'Observation.code',
  },
  {
    feature: 'maxLength',
    definitions: [profile('short', 'Patient', [{ id: 'Patient.name.family', maxLength: 5 }])],
    profiles: [url('short')],
    valid: patient({ name: [{ family: 'Adams' }] }),
    invalid: patient({ name: [{ family: 'Adamson' }] }),
    code: 'value-length',
    at: 'Patient.name[0].family',
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
    valid: [
      observation({ valueQuantity: { value: 2, system: 'http://unitsofmeasure.org', code: 'g' } }),
      observation({ valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'kg' } }),
    ],
    invalid: [
      observation({ valueQuantity: { value: 0.5, system: 'http://unitsofmeasure.org', code: 'g' } }),
      observation({ valueQuantity: { value: 5, system: 'http://unitsofmeasure.org', code: 'mg' } }),
    ],
    code: 'value-min',
    at: 'Observation.value.ofType(Quantity)',
  },
  {
    feature: 'choice-type-restrict',
    definitions: [
      profile('amount', 'Observation', [
        { id: 'Observation.value[x]', type: [{ code: 'Quantity' }, { code: 'string' }] },
      ]),
    ],
    profiles: [url('amount')],
    valid: [observation({ valueString: 'x' }), observation({ valueQuantity: { value: 1 } })],
    invalid: observation({ valueInteger: 3 }),
    code: 'type-not-allowed',
    at: 'Observation.value.ofType(integer)',
  },
  {
    feature: 'slice-value-path',
    definitions: [
      profile('identified', 'Patient', [
        { id: 'Patient.identifier', slicing: by('value', 'system') },
        { id: 'Patient.identifier:mrn', min: 1, max: '1' },
        { id: 'Patient.identifier:mrn.system', min: 1, fixedUri: 'http://mrn' },
        { id: 'Patient.identifier:mrn.value', min: 1 },
      ]),
    ],
    profiles: [url('identified')],
    valid: patient({ identifier: [{ system: 'http://other' }, { system: 'http://mrn', value: '1' }] }),
    invalid: patient({ identifier: [{ system: 'http://mrn' }] }),
    code: 'cardinality-min',
    at: 'Patient.identifier[0].value',
  },
  {
    feature: 'slice-pattern-$this',
    definitions: [
      profile('categorised', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern', '$this') },
        { id: 'Observation.category:lab', min: 1, patternCodeableConcept: coding('lab') },
      ]),
    ],
    profiles: [url('categorised')],
    valid: observation({ category: [{ text: 'x' }, coding('lab')] }),
    invalid: observation({ category: [coding('imaging')] }),
    code: 'slice-min',
    at: 'Observation.category',
  },
  {
    feature: 'slice-binding',
    definitions: [
      valueSet('few', 'http://vitruvian.test/cs', ['a', 'b']),
      profile('bound-slice', 'Observation', [
        { id: 'Observation.category', slicing: by('value', '$this') },
        {
          id: 'Observation.category:few',
          min: 1,
          binding: { strength: 'required', valueSet: 'http://vitruvian.test/ValueSet/few' },
        },
      ]),
    ],
    profiles: [url('bound-slice')],
    valid: observation({ category: [coding('b')] }),
    invalid: observation({ category: [coding('z')] }),
    code: 'slice-min',
    at: 'Observation.category',
  },
  {
    feature: 'slice-closed',
    definitions: [
      profile('closed', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern', '$this', 'closed') },
        { id: 'Observation.category:lab', patternCodeableConcept: coding('lab') },
      ]),
    ],
    profiles: [url('closed')],
    valid: observation({ category: [coding('lab')] }),
    invalid: observation({ category: [coding('lab'), coding('other')] }),
    code: 'slice-closed',
    at: 'Observation.category[1]',
  },
  {
    feature: 'slice-ordered',
    definitions: [
      profile('ordered', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern', '$this', 'open', true) },
        { id: 'Observation.category:first', patternCodeableConcept: coding('1') },
        { id: 'Observation.category:second', patternCodeableConcept: coding('2') },
      ]),
    ],
    profiles: [url('ordered')],
    valid: observation({ category: [coding('1'), coding('2')] }),
    invalid: observation({ category: [coding('2'), coding('1')] }),
    code: 'slice-order',
    at: 'Observation.category[1]',
  },
  {
    feature: 'slice-openAtEnd',
    definitions: [
      profile('at-end', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern', '$this', 'openAtEnd') },
        { id: 'Observation.category:first', patternCodeableConcept: coding('1') },
      ]),
    ],
    profiles: [url('at-end')],
    valid: observation({ category: [coding('1'), coding('9')] }),
    invalid: observation({ category: [coding('9'), coding('1')] }),
    code: 'slice-order',
    at: 'Observation.category[1]',
  },
  {
    feature: 'slice-reslice',
    definitions: [
      profile('resliced', 'Patient', [
        { id: 'Patient.identifier', slicing: by('value', 'system') },
        { id: 'Patient.identifier:a', slicing: by('value', 'use') },
        { id: 'Patient.identifier:a.system', min: 1, fixedUri: 'http://a' },
        { id: 'Patient.identifier:a/official', max: '1' },
        { id: 'Patient.identifier:a/official.use', min: 1, fixedCode: 'official' },
      ]),
    ],
    profiles: [url('resliced')],
    valid: patient({
      identifier: [
        { system: 'http://a', use: 'official' },
        { system: 'http://b', use: 'official' },
        { system: 'http://a', use: 'temp' },
      ],
    }),
    invalid: patient({
      identifier: [
        { system: 'http://a', use: 'official' },
        { system: 'http://a', use: 'official' },
      ],
    }),
    code: 'slice-max',
    at: 'Patient.identifier',
  },
  {
    feature: 'slice-type-choice',
    definitions: [
      profile('by-type', 'Observation', [
        { id: 'Observation.value[x]', slicing: by('type', '$this') },
        { id: 'Observation.value[x]:valueQuantity', type: [{ code: 'Quantity' }] },
        { id: 'Observation.value[x]:valueQuantity.code', min: 1 },
      ]),
    ],
    profiles: [url('by-type')],
    valid: [
      observation({ valueString: 'x' }),
      observation({ valueQuantity: { value: 1, system: 'http://unitsofmeasure.org', code: 'g' } }),
    ],
    invalid: observation({ valueQuantity: { value: 1 } }),
    code: 'cardinality-min',
    at: 'Observation.value.ofType(Quantity).code',
  },
  {
    feature: 'slice-exists',
    definitions: [
      profile('by-existence', 'Patient', [
        { id: 'Patient.identifier', slicing: by('exists', 'period') },
        { id: 'Patient.identifier:timed', max: '1' },
        { id: 'Patient.identifier:timed.period', min: 1 },
        { id: 'Patient.identifier:forever' },
        { id: 'Patient.identifier:forever.period', max: '0' },
        { id: 'Patient.identifier:forever.value', min: 1 },
      ]),
    ],
    profiles: [url('by-existence')],
    valid: patient({ identifier: [{ period: { start: '2020' } }, { value: '1' }] }),
    invalid: patient({ identifier: [{ system: 'http://x' }] }),
    code: 'cardinality-min',
    at: 'Patient.identifier[0].value',
  },
  {
    feature: 'slice-type-resource',
    definitions: [
      profile('with-patient', 'Bundle', [
        { id: 'Bundle.entry', slicing: by('type', 'resource') },
        { id: 'Bundle.entry:patient', min: 1, max: '1' },
        { id: 'Bundle.entry:patient.resource', min: 1, type: [{ code: 'Patient' }] },
      ]),
    ],
    profiles: [url('with-patient')],
    valid: bundle('collection', { fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001', resource: patient() }),
    invalid: bundle('collection', {
      fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001',
      resource: observation(),
    }),
    code: 'slice-min',
    at: 'Bundle.entry',
  },
  {
    feature: 'slice-profile',
    definitions: [
      strict,
      profile('with-strict', 'Bundle', [
        { id: 'Bundle.entry', slicing: by('profile', 'resource') },
        { id: 'Bundle.entry:strict', min: 1 },
        { id: 'Bundle.entry:strict.resource', min: 1, type: [{ code: 'Patient', profile: [url('strict')] }] },
      ]),
    ],
    profiles: [url('with-strict')],
    valid: bundle('collection', {
      fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001',
      resource: patient({ birthDate: '1980' }),
    }),
    invalid: bundle('collection', { fullUrl: 'urn:uuid:6f2e7c6a-3f9c-4c0b-9a44-0a5d6f4a0001', resource: patient() }),
    code: 'slice-min',
    at: 'Bundle.entry',
  },
  {
    feature: 'slice-type-resolve()',
    definitions: [
      profile('performers', 'Observation', [
        { id: 'Observation.performer', slicing: by('type', 'resolve()') },
        {
          id: 'Observation.performer:org',
          min: 1,
          type: [{ code: 'Reference', targetProfile: [`${core}Organization`] }],
        },
      ]),
    ],
    profiles: [url('performers')],
    valid: observation({
      contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
      performer: [{ reference: '#o' }],
    }),
    invalid: observation({ contained: [{ resourceType: 'Practitioner', id: 'o' }], performer: [{ reference: '#o' }] }),
    code: 'slice-min',
    at: 'Observation.performer',
  },
  {
    feature: 'ref-target-profile-contained',
    definitions: [
      organization,
      profile('managed', 'Patient', [
        { id: 'Patient.managingOrganization', type: [{ code: 'Reference', targetProfile: [url('org')] }] },
      ]),
    ],
    profiles: [url('managed')],
    valid: patient({
      contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
      managingOrganization: { reference: '#o' },
    }),
    invalid: patient({
      contained: [{ resourceType: 'Organization', id: 'o', identifier: [{ value: '1' }] }],
      managingOrganization: { reference: '#o' },
    }),
    code: 'reference-profile',
    at: 'Patient.managingOrganization',
  },
  {
    feature: 'ref-target-type',
    valid: patient({ managingOrganization: { reference: 'Organization/1' } }),
    invalid: patient({ managingOrganization: { reference: 'Practitioner/1' } }),
    code: 'reference-type',
    at: 'Patient.managingOrganization',
  },
  {
    feature: 'ref-target-profile-in-bundle',
    definitions: [
      organization,
      profile('managed', 'Patient', [
        { id: 'Patient.managingOrganization', type: [{ code: 'Reference', targetProfile: [url('org')] }] },
      ]),
    ],
    valid: bundle(
      'collection',
      {
        fullUrl: 'http://s/Patient/p',
        resource: patient({
          id: 'p',
          meta: { profile: [url('managed')] },
          managingOrganization: { reference: 'Organization/o' },
        }),
      },
      { fullUrl: 'http://s/Organization/o', resource: { resourceType: 'Organization', id: 'o', name: 'O' } },
    ),
    invalid: bundle(
      'collection',
      {
        fullUrl: 'http://s/Patient/p',
        resource: patient({
          id: 'p',
          meta: { profile: [url('managed')] },
          managingOrganization: { reference: 'Organization/o' },
        }),
      },
      {
        fullUrl: 'http://s/Organization/o',
        resource: { resourceType: 'Organization', id: 'o', identifier: [{ value: '1' }] },
      },
    ),
    code: 'reference-profile',
    at: 'Bundle.entry[0].resource.managingOrganization',
  },
  {
    feature: 'meta.profile-auto',
    definitions: [strict],
    valid: patient({ meta: { profile: [url('strict')] }, birthDate: '1980' }),
    invalid: patient({ meta: { profile: [url('strict')] } }),
    code: 'cardinality-min',
    at: 'Patient.birthDate',
  },
  {
    feature: 'meta.profile-auto-in-bundle',
    definitions: [strict],
    valid: bundle('batch', {
      request: { method: 'POST', url: 'Patient' },
      resource: patient({ meta: { profile: [url('strict')] }, birthDate: '1980' }),
    }),
    invalid: bundle('batch', {
      request: { method: 'POST', url: 'Patient' },
      resource: patient({ meta: { profile: [url('strict')] } }),
    }),
    code: 'cardinality-min',
    at: 'Bundle.entry[0].resource.birthDate',
  },
  {
    feature: 'meta.profile-auto-contained',
    definitions: [strict],
    valid: observation({
      contained: [patient({ id: 'p', meta: { profile: [url('strict')] }, birthDate: '1980' })],
      subject: { reference: '#p' },
    }),
    invalid: observation({
      contained: [patient({ id: 'p', meta: { profile: [url('strict')] } })],
      subject: { reference: '#p' },
    }),
    code: 'cardinality-min',
    at: 'Observation.contained[0].birthDate',
  },
  {
    feature: 'ext-slice-required',
    definitions: [
      extension('colour', 'string', 'Patient'),
      profile('coloured', 'Patient', [
        { id: 'Patient.extension', slicing: by('value', 'url') },
        { id: 'Patient.extension:colour', min: 1, type: [{ code: 'Extension', profile: [url('colour')] }] },
      ]),
    ],
    profiles: [url('coloured')],
    valid: patient({ extension: [{ url: url('colour'), valueString: 'red' }] }),
    invalid: patient({ active: true }),
    code: 'slice-min',
    at: 'Patient.extension',
  },
  {
    feature: 'ext-def-value-type(auto)',
    definitions: [extension('colour', 'string', 'Patient')],
    valid: patient({ extension: [{ url: url('colour'), valueString: 'red' }] }),
    invalid: patient({ extension: [{ url: url('colour'), valueInteger: 3 }] }),
    code: 'type-not-allowed',
    at: 'Patient.extension[0].value.ofType(integer)',
  },
  {
    feature: 'ext-context',
    definitions: [extension('colour', 'string', 'HumanName')],
    valid: patient({ name: [{ family: 'A', extension: [{ url: url('colour'), valueString: 'red' }] }] }),
    invalid: patient({ extension: [{ url: url('colour'), valueString: 'red' }] }),
    code: 'extension-context',
    at: 'Patient.extension[0]',
  },
  {
    feature: 'ext-unknown',
    valid: patient({ extension: [{ url: `${core}patient-birthPlace`, valueAddress: { city: 'X' } }] }),
    invalid: patient({ extension: [{ url: 'http://nowhere.test/StructureDefinition/x', valueString: 'red' }] }),
    code: 'extension-unknown',
    at: 'Patient.extension[0]',
  },
  {
    feature: 'modifier-ext-unknown',
    valid: patient({ active: true }),
    invalid: patient({ modifierExtension: [{ url: 'http://nowhere.test/StructureDefinition/x', valueString: 'red' }] }),
    code: 'extension-modifier-unknown',
    at: 'Patient.modifierExtension[0]',
  },
  {
    feature: 'invariant-simple',
    definitions: [
      profile('rule', 'Patient', [
        { id: 'Patient', constraint: constraint('t-1', 'name.exists() or active.exists()') },
      ]),
    ],
    profiles: [url('rule')],
    valid: patient({ active: true }),
    invalid: patient({ gender: 'male' }),
    code: 'invariant',
    at: 'Patient',
  },
  {
    feature: 'invariant-element-scope',
    definitions: [
      profile('named', 'Patient', [{ id: 'Patient.name', constraint: constraint('t-2', 'family.exists()') }]),
    ],
    profiles: [url('named')],
    valid: patient({ name: [{ family: 'A' }] }),
    invalid: patient({ name: [{ family: 'A' }, { text: 'B' }] }),
    code: 'invariant',
    at: 'Patient.name[1]',
  },
  {
    feature: 'invariant-%resource',
    definitions: [
      profile('same', 'Patient', [
        { id: 'Patient.contact', constraint: constraint('t-3', 'gender.empty() or gender = %resource.gender') },
      ]),
    ],
    profiles: [url('same')],
    valid: patient({ gender: 'male', contact: [{ gender: 'male', name: { text: 'x' } }] }),
    invalid: patient({ gender: 'male', contact: [{ gender: 'female', name: { text: 'x' } }] }),
    code: 'invariant',
    at: 'Patient.contact[0]',
  },
  {
    feature: 'invariant-resolve()',
    definitions: [
      profile('known', 'Observation', [
        { id: 'Observation', constraint: constraint('t-4', 'subject.resolve().ofType(Patient).active = true') },
      ]),
    ],
    profiles: [url('known')],
    valid: observation({ contained: [patient({ id: 'p', active: true })], subject: { reference: '#p' } }),
    invalid: observation({ contained: [patient({ id: 'p', active: false })], subject: { reference: '#p' } }),
    code: 'invariant',
    at: 'Observation',
  },
  {
    feature: 'invariant-memberOf',
    definitions: [
      profile('member', 'Patient', [
        { id: 'Patient', constraint: constraint('t-5', "gender.memberOf('http://vitruvian.test/ValueSet/two')") },
      ]),
      valueSet('two', 'http://hl7.org/fhir/administrative-gender', ['male', 'female']),
    ],
    profiles: [url('member')],
    valid: patient({ gender: 'male' }),
    invalid: patient({ gender: 'other' }),
    code: 'invariant',
    at: 'Patient',
  },
  {
    feature: 'invariant-conformsTo',
    definitions: [
      strict,
      profile('conform', 'Patient', [
        { id: 'Patient', constraint: constraint('t-6', `conformsTo('${url('strict')}')`) },
      ]),
    ],
    profiles: [url('conform')],
    valid: patient({ birthDate: '1980' }),
    invalid: patient({ active: true }),
    code: 'invariant',
    at: 'Patient',
  },
  {
    feature: 'binding-required-code',
    valid: patient({ gender: 'female' }),
    invalid: patient({ gender: 'femal' }),
    code: 'binding-required',
    at: 'Patient.gender',
  },
  {
    feature: 'binding-required-CC',
    definitions: [
      valueSet('few', 'http://vitruvian.test/cs', ['a']),
      profile('bound', 'Observation', [
        { id: 'Observation.code', binding: { strength: 'required', valueSet: 'http://vitruvian.test/ValueSet/few' } },
      ]),
    ],
    profiles: [url('bound')],
    valid: observation({
      code: {
        coding: [
          { system: 'http://o', code: 'q' },
          { system: 'http://vitruvian.test/cs', code: 'a' },
        ],
      },
    }),
    invalid: [observation({ code: coding('b') }), observation({ code: { text: 'only text' } })],
    code: 'binding-required',
    at: 'Observation.code',
  },
  {
    feature: 'binding-extensible(warn)',
    definitions: [
      valueSet('few', 'http://vitruvian.test/cs', ['a']),
      profile('loose', 'Observation', [
        { id: 'Observation.code', binding: { strength: 'extensible', valueSet: 'http://vitruvian.test/ValueSet/few' } },
      ]),
    ],
    profiles: [url('loose')],
    valid: observation({ code: coding('a') }),
    invalid: observation({ code: coding('b') }),
    code: 'binding-extensible',
    at: 'Observation.code',
    severity: 'warning',
  },
  {
    feature: 'binding-additional',
    definitions: [
      valueSet('few', 'http://vitruvian.test/cs', ['a']),
      profile('more', 'Observation', [
        {
          id: 'Observation.code',
          binding: {
            strength: 'preferred',
            valueSet: 'http://vitruvian.test/ValueSet/nowhere',
            extension: [
              {
                url: 'http://hl7.org/fhir/tools/StructureDefinition/additional-binding',
                extension: [
                  { url: 'purpose', valueCode: 'required' },
                  { url: 'valueSet', valueCanonical: 'http://vitruvian.test/ValueSet/few' },
                ],
              },
            ],
          },
        },
      ]),
    ],
    profiles: [url('more')],
    valid: observation({ code: coding('a') }),
    invalid: observation({ code: coding('b') }),
    code: 'binding-additional',
    at: 'Observation.code',
  },
  {
    feature: 'type-profile-on-datatype',
    definitions: [
      profile('full-name', 'HumanName', [{ id: 'HumanName.family', min: 1 }], { kind: 'complex-type' }),
      profile('full', 'Patient', [{ id: 'Patient.name', type: [{ code: 'HumanName', profile: [url('full-name')] }] }]),
    ],
    profiles: [url('full')],
    valid: patient({ name: [{ family: 'A' }] }),
    invalid: patient({ name: [{ text: 'A' }] }),
    code: 'cardinality-min',
    at: 'Patient.name[0].family',
  },
  {
    feature: 'primitive-ext-structure',
    valid: patient({
      birthDate: '1980',
      _birthDate: { extension: [{ url: `${core}patient-birthTime`, valueDateTime: '1980-01-01T01:00:00Z' }] },
    }),
    invalid: patient({ birthDate: '1980', _birthDate: { extension: { url: `${core}patient-birthTime` } } }),
    code: 'structure-array-expected',
    at: 'Patient.birthDate.extension',
  },
  {
    feature: 'contained-core-rules',
    valid: patient({
      contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }],
      managingOrganization: { reference: '#o' },
    }),
    invalid: patient({ contained: [{ resourceType: 'Organization', id: 'o', name: 'O' }] }),
    code: 'contained-rules',
    at: 'Patient.contained[0]',
  },
  {
    feature: 'bundle-entry-core-rules',
    valid: bundle('batch', { request: { method: 'GET', url: 'Patient' } }),
    invalid: bundle('batch', { request: { method: 'FETCH', url: 'Patient' } }),
    code: 'binding-required',
    at: 'Bundle.entry[0].request.method',
  },
  {
    feature: 'bundle-document-first-composition',
    valid: {
      ...bundle('document', {
        fullUrl: 'http://s/Composition/c',
        resource: {
          resourceType: 'Composition',
          id: 'c',
          status: 'final',
          type: { text: 't' },
          date: '2020',
          author: [{ display: 'a' }],
          title: 't',
        },
      }),
      identifier: { system: 'http://x', value: '1' },
      timestamp: '2020-01-01T00:00:00Z',
    },
    invalid: {
      ...bundle('document', { fullUrl: 'http://s/Patient/p', resource: patient({ id: 'p' }) }),
      identifier: { system: 'http://x', value: '1' },
      timestamp: '2020-01-01T00:00:00Z',
    },
    code: 'bundle-first-entry',
    at: 'Bundle.entry[0]',
  },
  {
    feature: 'bundle-fullUrl-id-mismatch',
    valid: bundle('collection', { fullUrl: 'http://s/Patient/p', resource: patient({ id: 'p' }) }),
    invalid: bundle('collection', { fullUrl: 'http://s/Patient/q', resource: patient({ id: 'p' }) }),
    code: 'bundle-full-url',
    at: 'Bundle.entry[0].fullUrl',
  },
  {
    feature: 'xhtml-script',
    valid: patient({ text: xhtml('<p class="x">fine &amp; <b>good</b></p>') }),
    invalid: [
      patient({ text: xhtml('<script>alert(1)</script>') }),
      patient({ text: xhtml('<p onclick="x()">a</p>') }),
      patient({ text: xhtml('<p>open') }),
      patient({ text: xhtml(' ') }),
    ],
    code: 'narrative-xhtml',
    at: 'Patient.text.div',
  },
  {
    feature: 'bad-date-calendar',
    valid: [patient({ birthDate: '2024-02-29' }), patient({ birthDate: '1999-12' })],
    invalid: [
      patient({ birthDate: '2023-02-29' }),
      patient({ birthDate: '1999-13' }),
      patient({ birthDate: '1900-02-29' }),
    ],
    code: 'primitive-format',
    at: 'Patient.birthDate',
  },
  {
    feature: 'array-for-scalar',
    valid: patient({ active: true }),
    invalid: patient({ active: [true] }),
    code: 'structure-array-forbidden',
    at: 'Patient.active',
  },
  {
    feature: 'scalar-for-array',
    valid: patient({ name: [{ family: 'A' }] }),
    invalid: patient({ name: { family: 'A' } }),
    code: 'structure-array-expected',
    at: 'Patient.name',
  },
  {
    feature: 'unknown-element',
    valid: patient({ maritalStatus: { text: 'x' } }),
    invalid: patient({ maritalStatuss: { text: 'x' } }),
    code: 'structure-unknown-element',
    at: 'Patient.maritalStatuss',
  },
  {
    feature: 'content-reference-core',
    definitions: [profile('q', 'Questionnaire', [{ id: 'Questionnaire.item.text', min: 1 }])],
    profiles: [url('q')],
    valid: {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'string', text: 'b' }] }],
    },
    invalid: {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [{ linkId: '1', type: 'group', text: 'a', item: [{ linkId: '2', type: 'strin', text: 'b' }] }],
    },
    code: 'binding-required',
    at: 'Questionnaire.item[0].item[0].type',
  },
  {
    feature: 'content-reference',
    definitions: [profile('q', 'Questionnaire', [{ id: 'Questionnaire.item.text', min: 1 }])],
    profiles: [url('q')],
    valid: {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        {
          linkId: '1',
          type: 'group',
          text: 'a',
          item: [{ linkId: '2', type: 'group', text: 'b', item: [{ linkId: '3', type: 'string', text: 'c' }] }],
        },
      ],
    },
    invalid: {
      resourceType: 'Questionnaire',
      status: 'draft',
      item: [
        {
          linkId: '1',
          type: 'group',
          text: 'a',
          item: [{ linkId: '2', type: 'group', text: 'b', item: [{ linkId: '3', type: 'string' }] }],
        },
      ],
    },
    code: 'cardinality-min',
    at: 'Questionnaire.item[0].item[0].item[0].text',
  },
  {
    feature: 'primitive-ext-required',
    definitions: [
      extension('why', 'string', 'Element'),
      profile('explained', 'Patient', [
        { id: 'Patient.birthDate.extension', slicing: by('value', 'url') },
        { id: 'Patient.birthDate.extension:why', min: 1, type: [{ code: 'Extension', profile: [url('why')] }] },
      ]),
    ],
    profiles: [url('explained')],
    valid: [
      patient({ birthDate: '1980', _birthDate: { extension: [{ url: url('why'), valueString: 'x' }] } }),
      patient({ active: true }),
    ],
    invalid: patient({ birthDate: '1980' }),
    code: 'slice-min',
    at: 'Patient.birthDate.extension',
  },
  {
    feature: 'fixed-without-value',
    definitions: [profile('male', 'Patient', [{ id: 'Patient.gender', min: 1, fixedCode: 'male' }])],
    profiles: [url('male')],
    valid: [
      patient({ gender: 'male' }),
      patient({ _gender: { extension: [{ url: `${core}data-absent-reason`, valueCode: 'unknown' }] } }),
    ],
    invalid: patient({ gender: 'female' }),
    code: 'value-fixed',
    at: 'Patient.gender',
  },
  {
    feature: 'binding-additional-usage',
    definitions: [
      valueSet('few', 'http://vitruvian.test/cs', ['a']),
      profile('scoped', 'Observation', [
        {
          id: 'Observation.code',
          binding: {
            strength: 'preferred',
            valueSet: 'http://vitruvian.test/ValueSet/nowhere',
            extension: [
              {
                url: 'http://hl7.org/fhir/tools/StructureDefinition/additional-binding',
                extension: [
                  { url: 'purpose', valueCode: 'required' },
                  { url: 'valueSet', valueCanonical: 'http://vitruvian.test/ValueSet/few' },
                  {
                    url: 'usage',
                    valueUsageContext: {
                      code: { system: url('scoped'), code: 'Observation.category' },
                      valueCodeableConcept: coding('lab'),
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
    valid: [observation({ code: coding('z') }), observation({ category: [coding('lab')], code: coding('a') })],
    invalid: observation({ category: [coding('lab')], code: coding('z') }),
    code: 'binding-additional',
    at: 'Observation.code',
  },
  {
    feature: 'several-profiles',
    definitions: [strict, profile('active', 'Patient', [{ id: 'Patient.active', min: 1 }])],
    valid: patient({ meta: { profile: [url('strict'), url('active')] }, birthDate: '1980', active: true }),
    invalid: patient({ meta: { profile: [url('strict'), url('active')] }, birthDate: '1980' }),
    code: 'cardinality-min',
    at: 'Patient.active',
  },
  {
    feature: 'slice-within-slice',
    definitions: [
      profile('panel', 'Observation', [
        { id: 'Observation.component', slicing: by('pattern', 'code') },
        { id: 'Observation.component:a', min: 1 },
        { id: 'Observation.component:a.code', patternCodeableConcept: coding('a') },
        { id: 'Observation.component:a.extension', slicing: by('value', 'url') },
        { id: 'Observation.component:a.interpretation', slicing: by('pattern', '$this') },
        { id: 'Observation.component:a.interpretation:high', min: 1, patternCodeableConcept: coding('high') },
      ]),
    ],
    profiles: [url('panel')],
    valid: observation({ component: [{ code: coding('a'), interpretation: [coding('high')] }, { code: coding('b') }] }),
    invalid: observation({
      component: [{ code: coding('b') }, { code: coding('a'), interpretation: [coding('low')] }],
    }),
    code: 'slice-min',
    at: 'Observation.component[1].interpretation',
  },
  {
    feature: 'entry-profile-union',
    definitions: [
      strict,
      organization,
      profile('one-of', 'Bundle', [
        {
          id: 'Bundle.entry.resource',
          type: [
            { code: 'Patient', profile: [url('strict')] },
            { code: 'Organization', profile: [url('org')] },
          ],
        },
      ]),
    ],
    profiles: [url('one-of')],
    valid: bundle(
      'batch',
      { request: { method: 'POST', url: 'x' }, resource: { resourceType: 'Organization', name: 'O' } },
      { request: { method: 'POST', url: 'x' }, resource: patient({ birthDate: '1980' }) },
    ),
    invalid: bundle('batch', { request: { method: 'POST', url: 'x' }, resource: observation() }),
    code: 'type-not-allowed',
    at: 'Bundle.entry[0].resource',
  },
  {
    feature: 'aggregation',
    definitions: [
      profile('inside', 'Observation', [
        {
          id: 'Observation.subject',
          type: [{ code: 'Reference', targetProfile: [`${core}Patient`], aggregation: ['contained'] }],
        },
      ]),
    ],
    profiles: [url('inside')],
    valid: observation({ contained: [patient({ id: 'p' })], subject: { reference: '#p' } }),
    invalid: observation({ subject: { reference: 'Patient/1' } }),
    code: 'reference-aggregation',
    at: 'Observation.subject',
  },
  {
    feature: 'duplicate-element-ids',
    valid: patient({
      name: [
        { id: 'a', family: 'A' },
        { id: 'b', family: 'B' },
      ],
    }),
    invalid: patient({
      name: [
        { id: 'a', family: 'A' },
        { id: 'a', family: 'B' },
      ],
    }),
    code: 'structure-duplicate-id',
    at: 'Patient.name[1].id',
  },
  ...[
    { feature: 'types of a search, percent-encoded', query: '_type=Patient%2CCondition' },
    { feature: 'types of a search, repeated', query: '_type=Patient&_count=2&_type=Condition' },
  ].map(({ feature, query }) => {
    const found = (resource: object) => ({
      resourceType: 'Bundle',
      type: 'searchset',
      link: [{ relation: 'self', url: `https://a.example/fhir/Patient/1/$everything?${query}` }],
      entry: [{ fullUrl: 'https://a.example/fhir/x/1', search: { mode: 'match' }, resource }].map((entry) => ({
        ...entry,
        fullUrl: `https://a.example/fhir/${(resource as { resourceType: string }).resourceType}/1`,
      })),
    })
    return {
      feature,
      valid: [
        found({ resourceType: 'Patient', id: '1' }),
        found({ resourceType: 'Condition', id: '1', subject: { reference: 'Patient/1' } }),
      ],
      invalid: found({ resourceType: 'Group', id: '1', type: 'person', actual: true }),
      code: 'bundle-search',
      at: 'Bundle.entry[0].resource',
    }
  }),
  {
    feature:
      'an extensible binding and what it says nothing of: a reference in place of a concept, a Coding without a code',
    profiles: ['http://hl7.org/fhir/us/core/StructureDefinition/us-core-medicationrequest'],
    valid: {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-01-01',
      subject: { reference: 'Patient/1' },
      requester: { reference: 'Practitioner/1' },
      medicationReference: { reference: 'Medication/1', display: 'a' },
      meta: { security: [{ display: 'in words alone' }] },
    },
    invalid: {
      resourceType: 'MedicationRequest',
      status: 'active',
      intent: 'order',
      authoredOn: '2026-01-01',
      subject: { reference: 'Patient/1' },
      requester: { reference: 'Practitioner/1' },
      medicationReference: { reference: 'Medication/1' },
      meta: { security: [{ system: 'http://example.org/own', code: 'x' }] },
    },
    code: 'binding-extensible',
    at: 'MedicationRequest.meta.security[0]',
    severity: 'warning',
  },
]
