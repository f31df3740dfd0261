/** Slicing: closed, ordered, open at the end, slices of slices. */
import { by, type Probe, profile, url } from '../probe.ts'
import { coded, observation, patient } from '../resources.ts'

export const slicingOrder: readonly Probe[] = [
  {
    feature: 'slice-closed',
    definitions: [
      profile('closed', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern $this', 'closed') },
        { id: 'Observation.category:lab', patternCodeableConcept: coded('lab') },
      ]),
    ],
    profiles: [url('closed')],
    good: [observation({ category: [coded('lab')] })],
    bad: [[observation({ category: [coded('lab'), coded('other')] }), 'slice-closed Observation.category[1]']],
  },
  {
    feature: 'slice-ordered',
    definitions: [
      profile('ordered', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern $this', 'open', true) },
        { id: 'Observation.category:first', patternCodeableConcept: coded('1') },
        { id: 'Observation.category:second', patternCodeableConcept: coded('2') },
      ]),
    ],
    profiles: [url('ordered')],
    good: [observation({ category: [coded('1'), coded('2')] })],
    bad: [[observation({ category: [coded('2'), coded('1')] }), 'slice-order Observation.category[1]']],
  },
  {
    feature: 'slice-openAtEnd',
    definitions: [
      profile('at-end', 'Observation', [
        { id: 'Observation.category', slicing: by('pattern $this', 'openAtEnd') },
        { id: 'Observation.category:first', patternCodeableConcept: coded('1') },
      ]),
    ],
    profiles: [url('at-end')],
    good: [observation({ category: [coded('1'), coded('9')] })],
    bad: [[observation({ category: [coded('9'), coded('1')] }), 'slice-order Observation.category[1]']],
  },
  {
    feature: 'slice-reslice',
    definitions: [
      profile('resliced', 'Patient', [
        { id: 'Patient.identifier', slicing: by('value system') },
        { id: 'Patient.identifier:a', slicing: by('value use') },
        { id: 'Patient.identifier:a.system', min: 1, fixedUri: 'http://a' },
        { id: 'Patient.identifier:a/official', max: '1' },
        { id: 'Patient.identifier:a/official.use', min: 1, fixedCode: 'official' },
      ]),
    ],
    profiles: [url('resliced')],
    good: [
      patient({
        identifier: [
          { system: 'http://a', use: 'official' },
          { system: 'http://b', use: 'official' },
          { system: 'http://a', use: 'temp' },
        ],
      }),
    ],
    bad: [
      [
        patient({
          identifier: [
            { system: 'http://a', use: 'official' },
            { system: 'http://a', use: 'official' },
          ],
        }),
        'slice-max Patient.identifier',
      ],
    ],
  },
  {
    feature: 'slice-within-slice',
    definitions: [
      profile('panel', 'Observation', [
        { id: 'Observation.component', slicing: by('pattern code') },
        { id: 'Observation.component:a', min: 1 },
        { id: 'Observation.component:a.extension', slicing: by('value url') },
        { id: 'Observation.component:a.code', patternCodeableConcept: coded('a') },
        { id: 'Observation.component:a.interpretation', slicing: by('pattern $this') },
        { id: 'Observation.component:a.interpretation:high', min: 1, patternCodeableConcept: coded('high') },
      ]),
    ],
    profiles: [url('panel')],
    good: [observation({ component: [{ code: coded('a'), interpretation: [coded('high')] }, { code: coded('b') }] })],
    bad: [
      [
        observation({
          component: [{ code: coded('b') }, { code: coded('a'), interpretation: [coded('low')] }],
        }),
        'slice-min Observation.component[1].interpretation',
      ],
    ],
  },
]
