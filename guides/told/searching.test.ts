/** Checks of searching, each tried with a good answer, a bad one and a legal variant. */
import { describe, expect, it } from 'vitest'
import {
  all,
  condition,
  form,
  mistake,
  one,
  patient,
  type Question,
  refused,
  search,
  three,
  titled,
  token,
  two,
} from './questions.ts'
import { ana, provenanceOf } from './record.ts'
import { anaScene, statement } from './story.ts'
import { base, sceneOf, searchset, told } from './told.ts'
import { heardOf } from './verdicts.ts'

/** A server that declares these parameters of a claim. */
const declaring = (...names: readonly string[]) => {
  const resource = [{ type: 'ExplanationOfBenefit', searchParam: names.map((name) => ({ name })) }]
  return told('metadata', 'metadata', { answer: { ...statement, rest: [{ mode: 'server', resource }] } })
}
/** A search for claims that always gives the same one. */
const claims = (query: string) =>
  told('search', `ExplanationOfBenefit?${query}`, {
    answer: searchset([{ resourceType: 'ExplanationOfBenefit', id: 'e', use: 'claim', patient: ana }]),
  })

const questions: readonly Question[] = [
  [
    'CORE-030',
    'pass',
    [
      all,
      told('search', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer t' },
        body: 'patient=ana',
        answer: searchset([three, two, one]),
      }),
    ],
  ],
  [
    'CORE-030',
    'fail',
    [
      all,
      told('search', 'Condition/_search', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Authorization: 'Bearer t' },
        body: 'patient=ana',
        answer: searchset([one]),
      }),
    ],
  ],
  ['CORE-036', 'pass', [search('patient=ana&_count=2', [one, two])]],
  ['CORE-036', 'fail', [search('patient=ana&_count=2', [one, two, three])]],
  [
    'CORE-037',
    'pass',
    [
      all,
      told('search', 'Condition?patient=ana&_count=2', { answer: searchset([one, two], { next: `${base}/page/2` }) }),
      told('next-page', 'page/2', { answer: searchset([three]) }),
    ],
  ],
  [
    'CORE-037',
    'warning',
    [
      all,
      told('search', 'Condition?patient=ana&_count=2', { answer: searchset([one, two], { next: `${base}/page/2` }) }),
      told('next-page', 'page/2', { answer: searchset([]) }),
    ],
  ],
  [
    'CORE-037',
    'warning',
    [
      all,
      told('search', 'Condition?patient=ana&_count=2', { answer: searchset([one, two], { next: `${base}/page/2` }) }),
      told('next-page', 'page/2', { answer: searchset([two, three]) }),
    ],
  ],
  [
    'CORE-040',
    'pass',
    [
      search('colour=red', [one], mistake('unknown-parameter')),
      search(
        'colour=red',
        [],
        mistake('unknown-parameter', {
          headers: { Prefer: 'handling=strict', Authorization: 'Bearer t' },
          ...refused(),
        }),
      ),
    ],
  ],
  [
    'CORE-040',
    'warning',
    [
      search(
        'colour=red',
        [one],
        mistake('unknown-parameter', { headers: { Prefer: 'handling=strict', Authorization: 'Bearer t' } }),
      ),
    ],
  ],
  ['CORE-040', 'pass', [search('colour=red', [], mistake('unknown-parameter', refused()))]],
  [
    'CORE-032',
    'fail',
    [
      told(
        'search',
        'Condition?colour=red',
        mistake('unknown-parameter', {
          intent: { parameter: 'colour' },
          answer: searchset([one], { self: `${base}/Condition?colour=red` }),
        }),
      ),
    ],
  ],
  ['CORE-041/a-malformed', 'pass', [search('onset-date=x', [], mistake('bad-value', refused()))]],
  ['CORE-041/a-malformed', 'warning', [search('onset-date=x', [], mistake('bad-value'))]],
  ['PDEX-332', 'fail', [search('onset-date=x', [], mistake('bad-value'))]],
  ['PDEX-332', 'pass', [search('onset-date=x', [], mistake('bad-value', refused()))]],
  ['CORE-041/a-value', 'pass', [search('code=none', [], mistake('unmatched-value'))]],
  ['CORE-041/a-value', 'warning', [search('code=none', [one], mistake('unmatched-value'))]],
  ['CORE-041/a-value', 'warning', [search('code=none', [], mistake('unmatched-value', refused(404)))]],
  // Who is not the token's may be nobody: a server need not tell.
  ['CORE-041/a-value', 'pass', [told('search', 'Patient?_id=nobody', mistake('unmatched-value', refused(403)))]],
  ['CORE-041/a-value', 'warning', [told('search', 'Patient?_id=nobody', mistake('unmatched-value', refused(400)))]],
  [
    'CORE-042',
    'pass',
    [
      all,
      ...['ge', 'gt', 'le', 'lt', 'sa', 'eb'].map((p) =>
        search(
          `patient=ana&onset-date=${p}2020-02-01`,
          { ge: [two, three], gt: [three], le: [one, two], lt: [one], sa: [three], eb: [one] }[p] as object[],
          form(p),
        ),
      ),
    ],
  ],
  ['CORE-042', 'fail', [all, search('patient=ana&onset-date=ge2020-02-01', [three], form('ge'))]],
  ['CORE-042', 'fail', [all, search('patient=ana&onset-date=lt2020-02-01', [one, two], form('lt'))]],
  ['CORE-042', 'skip', [all, search('patient=ana&onset-date=ge2020-02-01', [two, three], form('ge'))]],
  [
    'CORE-043',
    'pass',
    [
      all,
      search('patient=ana&code=1', [one], form('code')),
      search('patient=ana&code=http://snomed.info/sct|1', [one], form('both')),
      search('patient=ana&code=|1', [], form('none')),
      search('patient=ana&code=http://snomed.info/sct|', [one, two, three], form('system')),
    ],
  ],
  ['CORE-043', 'fail', [all, search('patient=ana&code=|1', [one], form('none'))]],
  ['CORE-043', 'fail', [all, search('patient=ana&code=http://loinc.org|1', [one], form('both'))]],
  [
    'CORE-044',
    'pass',
    ['ana', 'Patient/ana', `${base}/Patient/ana`].map((id) =>
      search(`patient=${encodeURIComponent(id)}`, [one, two, three], form(id)),
    ),
  ],
  [
    'CORE-044',
    'fail',
    ['ana', 'Patient/ana', `${base}/Patient/ana`].map((id) =>
      search(`patient=${encodeURIComponent(id)}`, id.startsWith('http') ? [] : [one, two, three], form(id)),
    ),
  ],
  [
    'CORE-044',
    'skip',
    ['ana', 'Patient/ana'].map((id) => search(`patient=${encodeURIComponent(id)}`, [one], form(id))),
  ],
  [
    'PDEX-338',
    'pass',
    ['ana', 'Patient/ana'].map((id) => search(`patient=${encodeURIComponent(id)}`, [one], form(id))),
  ],
  [
    'PDEX-338',
    'fail',
    ['ana', 'Patient/ana'].map((id) =>
      search(`patient=${encodeURIComponent(id)}`, id === 'ana' ? [] : [one], form(id)),
    ),
  ],
  [
    'CORE-045',
    'pass',
    ['name=mul', 'name=MÜLL', 'name:exact=Müller'].map((q) =>
      told('search', `Patient?${encodeURI(q)}`, { answer: searchset([patient]), ...form(q) }),
    ),
  ],
  ['CORE-045', 'fail', [told('search', 'Patient?name=ller', { answer: searchset([patient]), ...form('middle') })]],
  [
    'CORE-045',
    'fail',
    [told('search', 'Patient?name:exact=muller', { answer: searchset([patient]), ...form('exact') })],
  ],
  [
    'CORE-046',
    'pass',
    [
      told('search', `Patient?identifier=${encodeURIComponent('https://m|M\\,1')}`, {
        answer: searchset([patient]),
        ...form('escaped'),
      }),
    ],
  ],
  ['CORE-046', 'fail', [all, search(`patient=ana&code=${encodeURIComponent('1\\,22')}`, [one, two], form('escaped'))]],
  [
    'CORE-050',
    'warning',
    [search('patient=ana&_include=x', [one, { resourceType: 'Organization', id: 'o', mode: 'include' }])],
  ],
  ['CORE-051', 'fail', [search('patient=ana&_revinclude=Provenance:target', [one])]],
  [
    'CORE-051',
    'pass',
    [
      search('patient=ana&_revinclude=Provenance:target', [
        one,
        { ...provenanceOf('p', ['Condition/1'], {}), mode: 'include' },
      ]),
    ],
  ],
  [
    'CORE-052',
    'skip',
    [told('search', 'Condition?_summary=true', { answer: searchset([one], { self: `${base}/Condition` }) })],
  ],
  [
    'CORE-052',
    'pass',
    [
      told('search', 'Condition?_summary=true', {
        answer: searchset([{ ...one, meta: { tag: [{ code: 'SUBSETTED' }] } }], {
          self: `${base}/Condition?_summary=true`,
        }),
      }),
    ],
  ],
  ['PDEX-127/a-search', 'pass', [token, search('', [one])], anaScene()],
  [
    'PDEX-127/a-search',
    'fail',
    [token, search('', [one, condition('i1', { subject: { reference: 'Patient/iris' } })])],
    anaScene(),
  ],
  ['PDEX-127/a-search', 'pass', [token, search('', [], refused(403))], anaScene()],
  ['PDEX-127/each', 'skip', [token, all]],
  ['PDEX-127/each', 'fail', [token, told('search', 'Goal?patient=ana', refused(404))]],
  ['PDEX-354', 'pass', [all, search('patient=ana&onset-date=ge2020-02-01T00:00:00Z', [two, three])]],
  ['PDEX-354', 'fail', [all, search('patient=ana&onset-date=ge2020-02-01T00:00:00Z', [], refused())]],
  ['PDEX-355', 'warning', [search('patient=ana&onset-date=ge2020-02-01', [two])]],
  // What is declared is judged by searches that ask for nothing else.
  ['PDEX-352', 'pass', [declaring('patient'), claims('patient=ana'), claims('patient=ana&use=preauthorization')]],
  ['PDEX-352', 'warning', [declaring('patient', 'use'), claims('patient=ana&use=preauthorization')]],
  ['PDEX-340', 'skip', [told('search', 'ExplanationOfBenefit?patient=ana&type=pharmacy', { answer: searchset([]) })]],
  [
    'PDEX-340',
    'fail',
    [
      told('search', 'ExplanationOfBenefit?patient=ana&type=pharmacy', {
        answer: searchset([
          {
            resourceType: 'ExplanationOfBenefit',
            id: 'e',
            type: { coding: [{ code: 'oral' }] },
            patient: { reference: 'Patient/ana' },
          },
        ]),
      }),
    ],
  ],
]

describe('a search and its answer', () => {
  it.each(titled(questions))('$title', ({ start, code, steps, scene }) => {
    const { codes, words } = heardOf(start, steps, sceneOf(scene))
    expect(codes, words).toContain(code)
  })
})
