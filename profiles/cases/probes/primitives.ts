/** Primitive values where they stand: calendar, clock, numbers, identifiers and texts. */
import { core, type Probe } from '../probe.ts'
import { bundle, condition, observation, organization, parameters, patient } from '../resources.ts'

const uuid = 'c757873d-ec9a-4326-a141-556f43239520'
const value = (name: string, ...values: unknown[]): object[] =>
  values.map((each) => parameters({ name: 'p', [`value${name}`]: each }))
const place = (type: string): string => `Parameters.parameter[0].value.ofType(${type})`
const format = (type: string): string => `primitive-format ${place(type)}`

/** Values of a type that are and are not of it. */
const lexical = (type: string, good: readonly unknown[], bad: readonly unknown[]): Probe => {
  const name = `${type[0]?.toUpperCase()}${type.slice(1)}`
  return {
    feature: `values of ${type}`,
    good: value(name, ...good),
    bad: value(name, ...bad).map((resource) => [resource, format(type)]),
  }
}

export const primitives: readonly Probe[] = [
  lexical(
    'date',
    ['2024-02-29', '2000-02-29', '1900-02-28', '1582-10-10', '9999-12-31', '2023', '2023-02'],
    [
      '2023-02-30',
      '1900-02-29',
      '2023-11-31',
      '2023-2-3',
      '2023-02-1',
      '20230201',
      '2023-W01',
      '-2023',
      '02023',
      ' 2023',
      '2023-02-01Z',
      '12023-01-01',
    ],
  ),
  lexical(
    'dateTime',
    [
      '2016-12-31T23:59:60Z',
      '2023-01-01T00:00:00.000000000Z',
      '2023-01-01T12:00:00+14:00',
      '2023-01-01T12:00:00-00:00',
      '2023-01',
    ],
    [
      '2023-02-30T10:00:00Z',
      '2023-01-01T12:00Z',
      '2023-01-01T12:00:00',
      '2023-01-01T12:00:00+14:01',
      '2023-01-01T12:00:00+0100',
      '2023-01-01T12:00:00+01',
      '2023-01-01T24:00:00Z',
      '2023-01-01T12:60:00Z',
      '2023-01-01T12:00:61Z',
      '2023-01-01 12:00:00Z',
      '2023-01-01t12:00:00z',
      '2023-01-01T12:00:00,5Z',
      '2023-01-01T12:00:00.Z',
      '2023-01-01T',
      '2023-01T12:00:00Z',
    ],
  ),
  lexical(
    'instant',
    ['2015-02-07T13:28:17.239+02:00', '2017-01-01T00:00:00Z', '2016-12-31T23:59:60Z'],
    ['2015-02-07', '2015-02', '2015-02-07T13:28:17', '2015-02-07T13:28Z', '2015-02-29T13:28:17Z'],
  ),
  lexical(
    'time',
    ['00:00:00', '23:59:60', '12:34:56.789'],
    ['24:00:00', '12:34', '12:34:56Z', '1:02:03', '12:34:56.', '12:34:61', 'T12:34:56'],
  ),
  lexical('integer', [0, -2_147_483_648, 2_147_483_647], [1.5, 2_147_483_648, -2_147_483_649, '1', true]),
  lexical('positiveInt', [1, 2_147_483_647], [0, -1, 2_147_483_648, '3']),
  lexical('unsignedInt', [0, 2_147_483_647], [-1, 0.5]),
  lexical('decimal', [0, -0.000001, 1e21, 1.5e-9, 123456789012345], ['1.0', true]),
  lexical('boolean', [true, false], ['true', 0, 1, 'TRUE']),
  lexical('id', ['a', 'x'.repeat(64), 'A-1.z', '-', '.'], ['x'.repeat(65), 'a_b', 'a b', 'a/b', 'ä', 'a:b', 'a\n']),
  lexical('code', ['a', 'a b', 'a-b_c/d|e'], [' a', 'a ', 'a  b', 'a\tb', 'a\nb', 'a b ']),
  lexical(
    'oid',
    ['urn:oid:1.2.3.4.5', 'urn:oid:2.16.840.1.113883', 'urn:oid:0.4.0.127'],
    ['1.2.3', 'urn:oid:3.1.2', 'urn:oid:1.02.3', 'urn:oid:1.2.', 'urn:oid:'],
  ),
  lexical(
    'uuid',
    [`urn:uuid:${uuid}`],
    [uuid, `urn:uuid:${uuid.toUpperCase()}`, 'urn:uuid:c757873d', `urn:uuid:{${uuid}}`],
  ),
  lexical(
    'uri',
    ['http://x/y?z#a', 'a', '../x', '#a', 'urn:isbn:0451450523', 'mailto:a@b.c', 'http://x/%20'],
    ['a b', ' http://x', 'http://x/a b', 'urn:oid:1.a', 'urn:uuid:1', 'http://x\n'],
  ),
  lexical('url', ['http://x', 'ftp://x', 'mailto:a@b.c'], ['http://x y']),
  lexical(
    'canonical',
    ['http://x/y|1.0', 'http://x/y|1.0#frag', '#a', `urn:uuid:${uuid}`, 'urn:oid:1.2.3.4|2'],
    ['http://x y', 'Questionnaire/1'],
  ),
  lexical(
    'base64Binary',
    ['QUJD', 'QUI=', 'QQ==', 'QU JD', 'QUJD\r\nQUJD', ' QUJD '],
    ['QUJ', 'QUJD=', 'Q=JD', 'QU-D', 'QU_D', '=', 'QUJDQ'],
  ),
  lexical('string', ['a', 'a\tb\r\nc', 'ünïcödé 🙂', ' padded '], ['a\u0000', 'a\u0007b', 'a\u001f']),
  lexical('markdown', ['# a\n\n* b', '<b>html</b>'], ['a\u0001b']),
  {
    feature: 'values that are empty, null or of another kind',
    good: [patient({ gender: 'male', birthDate: '1980' })],
    bad: [
      [patient({ gender: '' }), 'primitive-format Patient.gender'],
      [patient({ gender: null }), 'structure-null Patient.gender'],
      [patient({ gender: {} }), 'structure-primitive-expected Patient.gender'],
      [patient({ gender: { value: 'male' } }), 'structure-primitive-expected Patient.gender'],
      [patient({ gender: ['male'] }), 'structure-array-forbidden Patient.gender'],
      [patient({ birthDate: 1980 }), 'primitive-format Patient.birthDate'],
      [patient({ name: [{ family: '' }] }), 'primitive-format Patient.name[0].family'],
      [patient({ name: [{ given: ['A', ''] }] }), 'primitive-format Patient.name[0].given[1]'],
      [patient({ name: [{ given: [['A']] }] }), 'structure-primitive-expected Patient.name[0].given[0]'],
      [patient({ name: 'A' }), 'structure-array-expected Patient.name'],
      [patient({ name: ['A'] }), 'structure-object-expected Patient.name[0]'],
      [patient({ name: [[]] }), 'structure-object-expected Patient.name[0]'],
      [patient({ name: [null] }), 'structure-null Patient.name[0]'],
      [patient({ name: [] }), 'structure-empty Patient.name'],
      [patient({ name: [{}] }), 'structure-empty Patient.name[0]'],
      [patient({ name: [{ id: 'a' }] }), 'structure-empty Patient.name[0]'],
      [patient({ name: null }), 'structure-array-expected Patient.name'],
      [patient({ maritalStatus: [] }), 'structure-array-forbidden Patient.maritalStatus'],
      [patient({ maritalStatus: {} }), 'structure-empty Patient.maritalStatus'],
      [patient({ maritalStatus: 'M' }), 'structure-object-expected Patient.maritalStatus'],
      [patient({ contained: [] }), 'structure-empty Patient.contained'],
      [patient({ meta: {} }), 'structure-empty Patient.meta'],
      [patient({ multipleBirthInteger: 1, multipleBirthBoolean: true }), 'cardinality-max Patient.multipleBirth'],
      [patient({ multipleBirth: 1 }), 'structure-unknown-element Patient.multipleBirth'],
      [patient({ deceasedString: 'x' }), 'structure-unknown-element Patient.deceasedString'],
      [patient({ Name: [{ family: 'A' }] }), 'structure-unknown-element Patient.Name'],
      [patient({ fhir_comments: ['x'] }), 'structure-unknown-element Patient.fhir_comments'],
      [
        patient({ name: [{ resourceType: 'HumanName', family: 'A' }] }),
        'structure-unknown-element Patient.name[0].resourceType',
      ],
    ],
  },
  {
    feature: 'text that is only white space is legal and said to be avoided',
    good: [patient({ name: [{ text: ' A ' }] })],
    bad: [
      [patient({ name: [{ text: '   ' }] }), 'warning primitive-string Patient.name[0].text'],
      [patient({ name: [{ text: '\n\t' }] }), 'warning primitive-string Patient.name[0].text'],
    ],
  },
  {
    feature: 'ids of resources, elements and entries',
    good: [
      patient({ id: 'x'.repeat(64) }),
      patient({ name: [{ id: 'any_thing:goes', text: 'A' }] }),
      patient({ name: [{ id: 'x'.repeat(65), text: 'A' }] }),
    ],
    bad: [
      [patient({ id: 'x'.repeat(65) }), 'primitive-format Patient.id'],
      [patient({ id: 'a_b' }), 'primitive-format Patient.id'],
      [patient({ id: '' }), 'primitive-format Patient.id'],
      [patient({ id: 5 }), 'primitive-format Patient.id'],
      [patient({ name: [{ id: 'a b', text: 'A' }] }), 'primitive-format Patient.name[0].id'],
    ],
  },
  {
    feature: 'what is no resource, or no resource of R4',
    good: [{ resourceType: 'Basic', code: { text: 'x' } }],
    bad: [
      [{}, 'structure-not-a-resource Resource'],
      [{ resourceType: 5 }, 'structure-not-a-resource Resource'],
      [{ resourceType: null }, 'structure-not-a-resource Resource'],
      [{ resourceType: '' }, 'structure-unknown-type '],
      [{ resourceType: 'Resource', id: 'a' }, 'structure-unknown-type Resource'],
      [{ resourceType: 'DomainResource', id: 'a' }, 'structure-unknown-type DomainResource'],
      [{ resourceType: 'HumanName', family: 'a' }, 'structure-unknown-type HumanName'],
      [{ resourceType: 'patient' }, 'structure-unknown-type patient'],
      [{ resourceType: 'Permission' }, 'structure-unknown-type Permission'],
      [{ resourceType: 'constructor' }, 'structure-unknown-type constructor'],
      [
        bundle('collection', { fullUrl: 'http://s/x', resource: { id: 'x' } }),
        'structure-not-a-resource Bundle.entry[0].resource',
      ],
      [
        observation({ contained: [{ resourceType: 'Nothing', id: 'a' }], subject: { reference: '#a' } }),
        'structure-unknown-type Observation.contained[0]',
        'reference-type Observation.subject',
      ],
    ],
  },
  {
    feature: 'names that every object of JavaScript has are not elements',
    good: [organization()],
    bad: [
      [
        JSON.parse('{"resourceType":"Patient","constructor":"x"}') as object,
        'structure-unknown-element Patient.constructor',
      ],
      [
        JSON.parse('{"resourceType":"Patient","__proto__":{"active":true}}') as object,
        'structure-unknown-element Patient.__proto__',
      ],
      [JSON.parse('{"resourceType":"Patient","toString":1}') as object, 'structure-unknown-element Patient.toString'],
      [
        JSON.parse('{"resourceType":"Patient","meta":{"hasOwnProperty":1}}') as object,
        'structure-unknown-element Patient.meta.hasOwnProperty',
      ],
    ],
  },
  {
    feature: 'a choice says its type in its name',
    good: [
      condition({ onsetString: 'x' }),
      observation({ valueSampledData: { origin: { value: 1 }, period: 1, dimensions: 1, data: '1 2 E' } }),
    ],
    bad: [
      [condition({ onsetdateTime: '2020' }), 'structure-unknown-element Condition.onsetdateTime'],
      [condition({ onset: '2020' }), 'structure-unknown-element Condition.onset'],
      [observation({ 'value[x]': 1 }), 'structure-unknown-element Observation.`value[x]`'],
      [observation({ valueDecimal: 1 }), 'structure-unknown-element Observation.valueDecimal'],
    ],
  },
  {
    feature: 'dates with an extension of finer grain',
    good: [
      patient({
        birthDate: '1980-01-01',
        _birthDate: { extension: [{ url: core('patient-birthTime'), valueDateTime: '1980-01-01T01:00:00Z' }] },
      }),
    ],
    bad: [
      [
        patient({
          birthDate: '1980-01-01',
          _birthDate: { extension: [{ url: core('patient-birthTime'), valueDateTime: '1980-02-30' }] },
        }),
        'primitive-format Patient.birthDate.extension[0].value.ofType(dateTime)',
      ],
    ],
  },
]
