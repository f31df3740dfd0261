/** Reading XML: the same resource as JSON says; what XML alone can get wrong has its place. Official examples as XML are judged with the others. */
import { describe, expect, it } from 'vitest'
import { shippedPackages } from '../../definitions.ts'
import { createValidator } from '../../validator.ts'
import { defaultLimits } from '../trouble.ts'
import { readXml } from './read.ts'

const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))
const patient = (inner: string): string => `<Patient xmlns="http://hl7.org/fhir">\n${inner}\n</Patient>`
const read = (text: string) => readXml(bytesOf(text))

describe('XML to JSON', () => {
  it('knows lists, choices, numbers, attributes, extensions of primitives, contained resources and the narrative', () => {
    const { value, troubles } = read(`<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<f:Observation xmlns:f="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">
  <f:id value="o"/>
  <f:text><f:status value="generated"/><x:div xmlns:x="http://www.w3.org/1999/xhtml" class="a&quot;b">1 &lt; 2<x:br/><![CDATA[&]]></x:div></f:text>
  <f:contained><f:Patient><f:id value="p"/><f:active value="true"/><f:multipleBirthInteger value="2"/></f:Patient></f:contained>
  <f:extension url="http://example.org/x"><f:valueString value="a&#10;b"/></f:extension>
  <f:status value="final" id="s"><f:extension url="http://example.org/y"><f:valueCode value="z"/></f:extension></f:status>
  <f:code><f:text value="c"/></f:code>
  <f:valueQuantity id="q"><f:value value="1.50"/></f:valueQuantity>
</f:Observation>`)
    expect(troubles).toEqual([])
    expect(value).toEqual({
      resourceType: 'Observation',
      id: 'o',
      text: {
        status: 'generated',
        div: '<div xmlns="http://www.w3.org/1999/xhtml" class="a&quot;b">1 &lt; 2<br/>&amp;</div>',
      },
      contained: [{ resourceType: 'Patient', id: 'p', active: true, multipleBirthInteger: 2 }],
      extension: [{ url: 'http://example.org/x', valueString: 'a\nb' }],
      status: 'final',
      _status: { id: 's', extension: [{ url: 'http://example.org/y', valueCode: 'z' }] },
      code: { text: 'c' },
      valueQuantity: { id: 'q', value: 1.5 },
    })
  })

  it('keeps the places of values and of extensions that stand for them', () => {
    const { value } = read(
      patient(
        '<name><given value="a"/><given><extension url="http://example.org/x"><valueCode value="b"/></extension></given></name>',
      ),
    )
    expect(value).toMatchObject({
      name: [{ given: ['a', null], _given: [null, { extension: [{ url: 'http://example.org/x', valueCode: 'b' }] }] }],
    })
  })

  it('leaves to the validator what is no number, no boolean and no element', () => {
    const { value, troubles } = read(
      patient('<active value="yes"/><nickname value="x"/><gender value=""/><birthDate/>'),
    )
    expect(troubles.map(({ code }) => code)).toEqual([])
    const validator = createValidator({ packages: shippedPackages() })
    expect(validator.validate(value).map(({ code, expression }) => [code, expression])).toEqual([
      ['primitive-format', 'Patient.active'],
      ['structure-empty', 'Patient.birthDate'],
      ['primitive-format', 'Patient.gender'],
      ['structure-unknown-element', 'Patient.nickname'],
    ])
  })
})

describe('what XML alone can get wrong', () => {
  const huge = `<!DOCTYPE a [<!ENTITY a "${'x'.repeat(1000)}">${'bcdefgh'.replace(/./g, (letter, at: number) => `<!ENTITY ${letter} "${`&${'abcdefgh'[at]};`.repeat(1000)}">`)}]>`
  it.each([
    ['xml-syntax', 2, 7, 'a wrong end tag', patient('<name>\n</nam>')],
    ['xml-syntax', 2, 1, 'a cut', '<Patient xmlns="http://hl7.org/fhir">\n<id value="a'],
    ['xml-syntax', 2, 1, 'an attribute without quotes', patient('<id value=a/>')],
    ['xml-syntax', 2, 1, 'an attribute twice', patient('<id value="a" value="b"/>')],
    ['xml-syntax', 2, 1, 'an entity of HTML', patient('<id value="&nbsp;"/>')],
    ['xml-syntax', 2, 1, 'a bare ampersand', patient('<id value="a&b"/>')],
    ['xml-syntax', 2, 12, 'a control character', patient('<id value="\u0001"/>')],
    ['xml-syntax', 2, 1, 'two roots', '<Patient xmlns="http://hl7.org/fhir"/>\n<Patient xmlns="http://hl7.org/fhir"/>'],
    ['xml-syntax', 1, 1, 'a prefix that is not declared', '<f:Patient/>'],
    ['xml-syntax', 1, 1, 'a mark alone', '<'],
    [
      'xml-doctype',
      2,
      1,
      'an external entity',
      `<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>${patient('<id value="&a;"/>')}`,
    ],
    ['xml-doctype', 1, 1, 'entities that grow', `${huge}${patient('<id value="&h;"/>')}`],
    ['xml-namespace', 1, 1, 'no namespace', '<Patient><id value="a"/></Patient>'],
    ['xml-namespace', 2, 1, 'another namespace within', patient('<id xmlns="urn:x" value="a"/>')],
    [
      'xml-namespace',
      2,
      36,
      'a div that is no XHTML',
      patient('<text><status value="generated"/>  <div>a</div></text>'),
    ],
    ['xml-attribute', 1, 1, 'an id of the resource as attribute', '<Patient xmlns="http://hl7.org/fhir" id="a"/>'],
    ['xml-attribute', 2, 1, 'a value of what has none', patient('<name value="a"><family value="b"/></name>')],
    ['xml-attribute', 2, 1, 'xml:id', patient('<name xml:id="a"><family value="b"/></name>')],
    [
      'xml-attribute',
      2,
      12,
      'a url as element',
      patient('<extension><url value="http://example.org/x"/><valueCode value="a"/></extension>'),
    ],
    ['xml-text', 2, 1, 'text', patient('<name>Ann<family value="b"/></name>')],
    ['xml-order', 3, 1, 'order', patient('<birthDate value="2000"/>\n<gender value="male"/>')],
    ['xml-element', 2, 1, 'resourceType', patient('<resourceType value="Patient"/>')],
    ['xml-element', 2, 1, 'a property of JSON', patient('<_birthDate value="2000"/>')],
    ['xml-too-deep', 2, 1498, 'levels', patient(`${'<a>'.repeat(10_000)}${'</a>'.repeat(10_000)}`)],
    ['input-encoding', 1, 1, 'a declared encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${patient('')}`],
  ])('%s at %i:%i: %s', (code, line, column, _title, text) => {
    const { troubles } = read(text)
    expect(troubles).toHaveLength(1)
    expect(troubles[0]).toMatchObject({ severity: 'error', code, line, column })
    expect(troubles[0]?.message).toMatch(/^.{10,250}\.$/)
  })

  it('is not what is legal: a byte order mark, a declaration, instructions, comments', () => {
    expect(
      read(
        `\ufeff<?xml version="1.0" encoding="utf-8"?><?a b?><!-- <!DOCTYPE> -->${patient('<!-- c --><id value="a"/>')}`,
      ),
    ).toMatchObject({
      troubles: [],
      value: { id: 'a' },
    })
  })

  it('is refused beyond a size', () => {
    expect(readXml(bytesOf(patient('')), { ...defaultLimits, document: 20 }).troubles[0]?.code).toBe('input-too-large')
    // What counts is the tree: many elements in few bytes are too much, many bytes in few elements are not.
    const many = readXml(bytesOf(`<Patient xmlns="http://hl7.org/fhir">${'<a/>'.repeat(1_000_001)}</Patient>`))
    expect(many.troubles).toMatchObject([{ code: 'input-too-large', message: expect.stringContaining('NDJSON') }])
    const scan = 'QUJD'.repeat(9 * 2 ** 20)
    const large = readXml(bytesOf(`<Binary xmlns="http://hl7.org/fhir"><data value="${scan}"/></Binary>`))
    expect(large.troubles).toEqual([])
    expect((large.value as { data: string }).data).toHaveLength(scan.length)
  })
})

describe('a place in XML', () => {
  it('is that of the element, or of the nearest around it', () => {
    const { placeOf } = read(
      `<Bundle xmlns="http://hl7.org/fhir">\n<entry>\n<resource>\n<Observation>\n<status value="x">\n<extension url="a"/></status>\n<valueQuantity>\n<code value="a"/></valueQuantity></Observation></resource></entry></Bundle>`,
    )
    const at = (expression: string): number => placeOf(expression).line
    expect(at('Bundle')).toBe(1)
    expect(at('Bundle.entry[0]')).toBe(2)
    expect(at('Bundle.entry[0].resource')).toBe(4)
    expect(at('Bundle.entry[0].resource.subject')).toBe(4)
    expect(at('Bundle.entry[0].resource.status.extension[0].url')).toBe(6)
    expect(at('Bundle.entry[0].resource.value.ofType(Quantity).code')).toBe(8)
  })
})
