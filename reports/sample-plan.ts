/** What a full sample run plays: what an afternoon with one payer looks like, hostile words included. */
import { matchings } from './sample-matching.ts'
import { fhir, type PlannedScenario, type SampleTools, sampleProps } from './sample-props.ts'
import { retrievals } from './sample-retrieval.ts'
import { openings, refusals } from './sample-trust.ts'

/** Every word is one that a careless report would obey. */
const hostile: PlannedScenario = {
  feature: 'Words that attack a report',
  uri: 'features/harness/hostile.feature',
  name: 'A payer answers with </script><script>alert(1)</script> & "quotes"',
  steps: [
    {
      keyword: 'When',
      text: 'the responding payer says <svg/onload=alert(2)>',
      says: [
        {
          move: 'probe',
          url: `${fhir}/Patient?name=%3Cscript%3E&x='"><img src=x onerror=alert(3)>`,
          intent: { 'x"><b>': '<i>' },
          answer: {
            status: 404,
            headers: [
              ['X-Evil', '<script>alert(4)</script>'],
              ['Content-Type', 'text/html'],
            ],
            body: '<!doctype html></script><script>window.hacked = true</script>\u0000\u0007\u2028<img src=x onerror="window.hacked = true"> ]]> <![CDATA[',
          },
        },
        {
          move: 'probe',
          url: `${fhir}/Patient?_count=1`,
          answer: {
            status: 200,
            body: '{"resourceType":"Bundle","</script>":"<img src=x onerror=window.hacked=true>","__proto__":{"hacked":true}, broken',
          },
        },
      ],
    },
    {
      keyword: 'Then',
      text: 'nothing happens',
      finds: [
        {
          requirement: 'PDEX-999',
          title: 'A requirement <b>that</b> no catalogue lists',
          unmet: {
            code: 'x',
            message: '</script><img src=x onerror="window.hacked=true"> \u0001\u001b[31m',
            expected: '<b>',
            actual: '</textarea><script>window.hacked=true</script>',
            expression: "Bundle.entry['</script>']",
          },
        },
      ],
    },
  ],
}

/** The scenarios; their secrets are added to the set. */
export const defaultPlan =
  (secrets: Set<string>) =>
  (kit: SampleTools): readonly PlannedScenario[] => {
    const props = sampleProps(kit)
    secrets.add(props.privatePart)
    return [...openings(props), ...matchings(props), ...refusals(props), ...retrievals(props), hostile]
  }
