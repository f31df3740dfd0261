/** Narratives: XHTML as FHIR lets it in. */
import type { Probe } from '../probe.ts'
import { organization, patient, xhtml } from '../resources.ts'

const div = (text: string, more: object = {}): object => patient({ text: { status: 'generated', div: text }, ...more })
const refused = (resource: object): readonly [object, string] => [resource, 'narrative-xhtml Patient.text.div']
const inside = (inner: string, more: object = {}): object => patient({ text: xhtml(inner), ...more })

export const narratives: readonly Probe[] = [
  {
    feature: 'elements, attributes and entities',
    good: [
      inside('a &amp; b &lt; c &#169; &#xA9; &quot; &apos; &gt;'),
      inside('<p style="color: red; background: url(x.png)">a</p>'),
      inside('<a href="http://x" title="y">a</a>'),
      inside('<img src="#pic" alt="a"/>'),
      inside('<img src="data:image/png;base64,QUJD" alt="a"/>'),
      inside(
        '<table border="1" cellpadding="2"><caption>c</caption><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>',
      ),
      inside('<!-- hidden --><h1>a</h1>'),
      inside('<ul><li>a</li></ul><pre>b</pre><br/><hr/>'),
      div('<div xmlns="http://www.w3.org/1999/xhtml" lang="en" xml:lang="en">a</div>'),
      div("<div xmlns='http://www.w3.org/1999/xhtml'>a</div>"),
      div('\n<div xmlns="http://www.w3.org/1999/xhtml">a</div>\n'),
      inside('<img src="x.png" alt="a"/>'),
    ],
    bad: [
      '<script>x</script>',
      '<form action="x">a</form>',
      '<input type="text"/>a',
      '<iframe src="x"></iframe>a',
      '<object data="x">a</object>',
      '<embed src="x"/>a',
      '<style>p { color: red }</style>a',
      '<link href="x"/>a',
      '<base href="x"/>a',
      '<video src="x">a</video>',
      '<font color="red">a</font>',
      '<P>a</P>',
      '<p onclick="x()">a</p>',
      '<p onmouseover="x()">a</p>',
      '<p data-x="1">a</p>',
      '<a href="javascript:alert(1)">a</a>',
      '<p>a',
      'a</p>',
      '<b><i>a</b></i>',
      'a & b',
      'a &nosuch; b',
      'a&nbsp;b',
      '&copy; a',
      '<a title="&nbsp;">a</a>',
      'a &#0; b',
      '<br>a',
      '<p class=x>a</p>',
      '<p class="x" class="y">a</p>',
      'a < b',
      '<![CDATA[a]]>',
      '<?php x ?>a',
      '',
      ' ',
      '<p></p>',
      '<br/>',
    ].map((inner) => refused(inside(inner))),
  },
  {
    feature: 'one div in the namespace of XHTML',
    good: [div('<div xmlns="http://www.w3.org/1999/xhtml">a</div>')],
    bad: [
      div('a'),
      div('<p xmlns="http://www.w3.org/1999/xhtml">a</p>'),
      div('<div>a</div>'),
      div('<div xmlns="http://www.w3.org/1999/html">a</div>'),
      div('<div xmlns="http://www.w3.org/1999/xhtml">a</div><div xmlns="http://www.w3.org/1999/xhtml">b</div>'),
      div('<div xmlns="http://www.w3.org/1999/xhtml">a</div>b'),
      div('<!DOCTYPE html><div xmlns="http://www.w3.org/1999/xhtml">a</div>'),
      div('<h:div xmlns:h="http://www.w3.org/1999/xhtml">a</h:div>'),
      div('<div xmlns="http://www.w3.org/1999/xhtml"/>'),
    ].map((resource) => refused(resource)),
  },
  {
    feature: 'a narrative has a status and a div, both of their kind',
    good: [patient({ text: { status: 'empty', div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' } })],
    bad: [
      [patient({ text: { status: 'generated' } }), 'cardinality-min Patient.text.div'],
      [
        patient({ text: { div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' } }),
        'cardinality-min Patient.text.status',
      ],
      [
        patient({ text: { status: 'made', div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' } }),
        'binding-required Patient.text.status',
      ],
      [patient({ text: { status: 'generated', div: 5 } }), 'structure-primitive-expected Patient.text.div'],
      [patient({ text: { status: 'generated', div: '' } }), 'narrative-xhtml Patient.text.div'],
      [patient({ text: 'a' }), 'structure-object-expected Patient.text'],
    ],
  },
  {
    feature: 'narratives elsewhere: of sections, of what is contained',
    good: [
      {
        resourceType: 'Composition',
        status: 'final',
        type: { text: 't' },
        date: '2020',
        author: [{ display: 'a' }],
        title: 't',
        section: [{ title: 's', text: xhtml('a') }],
      },
    ],
    bad: [
      [
        {
          resourceType: 'Composition',
          status: 'final',
          type: { text: 't' },
          date: '2020',
          author: [{ display: 'a' }],
          title: 't',
          section: [{ title: 's', section: [{ text: xhtml('<script/>a') }] }],
        },
        'narrative-xhtml Composition.section[0].section[0].text.div',
      ],
      [
        patient({
          contained: [organization({ id: 'o', text: xhtml('<p>') })],
          managingOrganization: { reference: '#o' },
        }),
        'narrative-xhtml Patient.contained[0].text.div',
      ],
    ],
  },
]
