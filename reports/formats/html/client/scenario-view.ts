/** The page of one scenario: steps with their verdicts, the sequence, the transcript. */
import { editionsText } from '../../../../harness/edition.ts'
import { type Finding, type Verdict, worstFirst } from '../../../../harness/verdict.ts'
import { sequenceDiagram } from '../../../diagram.ts'
import { drawnExchanges, drawnSteps } from '../../../drawing.ts'
import { count, duration, scenarioTitle, setUpText } from '../../../wording.ts'
import type { Index } from '../islands.ts'
import { differenceView } from './difference.ts'
import { badge, h, icon } from './dom.ts'
import { type Cited, exchangeView } from './exchange-view.ts'
import type { ReadScenario } from './volume-reader.ts'

export function scenarioView(scenario: ReadScenario, index: Index): readonly HTMLElement[] {
  const { line, id } = scenario
  const at = index.scenarios.findIndex((one) => one.id === id)
  const beside = (offset: number, text: string, rel: string): HTMLElement | undefined => {
    const other = index.scenarios[at + offset]
    return other && h('a', { href: `#${other.id}`, rel, title: other.title }, text)
  }
  const tags = [...new Set(scenario.verdicts.map(({ verdict }) => verdict.requirement))]
  return [
    h(
      'div',
      { class: 'crumbs' },
      h('a', { href: `#scenarios?feature=${encodeURIComponent(line.feature)}` }, line.feature),
      h(
        'span',
        { class: 'beside' },
        beside(-1, '‹ previous', 'prev'),
        h('span', { class: 'soft' }, `${at + 1} of ${index.scenarios.length}`),
        beside(1, 'next ›', 'next'),
      ),
    ),
    line.rule ? h('p', { class: 'eyebrow' }, line.rule) : h('span'),
    h('h1', { id: 'scenario-title', tabindex: '-1' }, scenarioTitle(line)),
    h(
      'p',
      { class: 'meta' },
      badge(scenario.code),
      h('span', {}, editionsText(line.editions)),
      h('span', {}, duration(scenario.milliseconds)),
      h('span', { class: 'soft' }, line.uri),
      h('span', { class: 'soft' }, id),
    ),
    scenario.reason
      ? h('p', { class: `banner is-${scenario.code}` }, icon(scenario.code), h('span', {}, scenario.reason))
      : h('span'),
    h('p', { class: 'tags' }, ...tags.map((tag) => h('a', { class: 'tag', href: `#${tag}` }, tag))),
    stepsView(scenario, index),
    sequenceView(scenario),
    transcriptView(scenario),
  ]
}

function stepsView(scenario: ReadScenario, index: Index): HTMLElement {
  const items = scenario.steps.map((step) => {
    const said = scenario.exchanges.filter((one) => one.step === step.number)
    const verdicts = scenario.verdicts.filter((one) => one.step === step.number)
    return h(
      'li',
      {
        class:
          step.status === 'passed'
            ? ''
            : `is-${step.status === 'failed' ? 'fail' : step.status === 'skipped' ? 'skip' : step.status}`,
      },
      h(
        'p',
        { class: 'sentence' },
        h('span', { class: 'keyword' }, step.keyword),
        ' ',
        step.text,
        step.status === 'passed'
          ? undefined
          : h('span', { class: 'status' }, ' ', step.status === 'skipped' ? 'not played' : step.status),
        said.length > 0
          ? h(
              'span',
              { class: 'said' },
              ...exchangeLinks(
                scenario.id,
                said.map(({ exchange }) => exchange.id),
              ),
            )
          : undefined,
      ),
      step.setUp.length > 0 ? h('p', { class: 'soft' }, setUpText(step)) : undefined,
      step.message ? h('p', { class: 'trouble' }, step.message) : undefined,
      verdicts.length > 0
        ? h('ul', { class: 'verdicts' }, ...verdicts.map(({ verdict }) => verdictView(scenario.id, verdict, index)))
        : undefined,
    )
  })
  return h('section', { class: 'block' }, h('h2', {}, 'Steps and verdicts'), h('ol', { class: 'steps' }, ...items))
}

/** The first and the last of many; the transcript has the rest. */
function exchangeLinks(scenario: string, ids: readonly string[]): (Node | string)[] {
  const link = (id: string): HTMLElement =>
    h('a', { href: `#${scenario}-${id}` }, h('span', { class: 'away' }, 'exchange '), id)
  const shown = ids.length > 10 ? ids.slice(0, 8) : ids
  const links = shown.flatMap((id) => [link(id), ' '])
  const last = ids.at(-1)
  return shown === ids || last === undefined ? links : [...links, '… ', link(last)]
}

function verdictView(scenario: string, verdict: Verdict, index: Index): HTMLElement {
  const requirement = index.requirements[verdict.requirement]
  const evidence = exchangeLinks(scenario, verdict.evidence)
  const seen = new Set([...verdict.evidence, ...verdict.findings.flatMap(({ exchange }) => exchange ?? [])])
  return h(
    'li',
    {
      class: `verdict is-${verdict.code}`,
      tabindex: '-1',
      'data-requirement': verdict.requirement,
      'data-evidence': [...seen].join(' '),
    },
    h(
      'p',
      {},
      badge(verdict.code),
      h(
        'a',
        { class: 'req', href: `#${verdict.requirement}`, title: requirement?.statement ?? '' },
        verdict.requirement,
      ),
      h('span', { class: 'level' }, verdict.verb),
      h('span', {}, verdict.title),
      evidence.length > 0 ? h('span', { class: 'evidence' }, 'seen in ', ...evidence) : undefined,
    ),
    ...verdict.findings.map((finding) => findingView(scenario, finding)),
    verdict.code !== 'pass' && requirement
      ? h(
          'p',
          { class: 'statement' },
          requirement.statement,
          ' ',
          /^https?:\/\//i.test(requirement.url)
            ? h('a', { href: requirement.url, target: '_blank', rel: 'noopener noreferrer' }, requirement.where)
            : requirement.where,
        )
      : undefined,
  )
}

function findingView(scenario: string, finding: Finding): HTMLElement {
  return h(
    'div',
    { class: finding.severity === 'information' ? 'found-it' : 'found-it unmet' },
    h(
      'p',
      { class: 'message' },
      finding.message,
      finding.exchange
        ? h('a', { class: 'shown', href: `#${scenario}-${finding.exchange}` }, `shown in ${finding.exchange}`)
        : undefined,
    ),
    differenceView(finding.expected, finding.actual),
    finding.expression ? h('p', { class: 'soft' }, 'at ', h('code', {}, finding.expression)) : undefined,
  )
}

function sequenceView(scenario: ReadScenario): HTMLElement {
  if (scenario.exchanges.length === 0)
    return h('section', { class: 'block' }, h('h2', {}, 'Sequence'), h('p', { class: 'soft' }, 'Nobody said anything.'))
  const box = h('div', { class: 'diagram' })
  const draw = (): void => {
    const inset = 2 * Number.parseFloat(getComputedStyle(box).paddingLeft || '0')
    const unit = Number.parseFloat(getComputedStyle(document.documentElement).fontSize || '16') / 16
    const width = Math.floor(Math.min(1080, Math.max(260, ((box.clientWidth || 960) - inset) / unit)))
    if (box.dataset.width === String(width)) return
    box.dataset.width = String(width)
    // The diagram escapes every text itself; it is the only markup that is ever read here.
    box.innerHTML = sequenceDiagram(drawnExchanges(scenario), drawnSteps(scenario), {
      title: `Sequence of ${count(scenario.exchanges.length, 'exchange')}; each leads to its transcript`,
      width,
      href: (one) => `#${scenario.id}-${one}`,
    })
  }
  new ResizeObserver(draw).observe(box)
  // As soon as it stands in the page, so that nothing moves when somebody comes for an exchange below it.
  queueMicrotask(draw)
  return h('section', { class: 'block' }, h('h2', {}, 'Sequence'), box)
}

function transcriptView(scenario: ReadScenario): HTMLElement {
  const cited = new Map<string, Cited[]>()
  for (const { verdict } of scenario.verdicts)
    if (verdict.code === 'fail' || verdict.code === 'error' || verdict.code === 'warning')
      for (const finding of verdict.findings)
        if (finding.exchange && finding.severity !== 'information')
          cited.set(finding.exchange, [...(cited.get(finding.exchange) ?? []), { verdict, finding }])
  const gravity = ({ verdict }: Cited): number => worstFirst.indexOf(verdict.code)
  for (const list of cited.values()) list.sort((a, b) => gravity(a) - gravity(b))
  const list = h('div', { class: 'transcript' })
  let step = Number.NaN
  for (const one of scenario.exchanges) {
    if (one.step !== step) {
      step = one.step
      const played = scenario.steps.find(({ number }) => number === step)
      list.append(h('h3', {}, played ? `${played.keyword} ${played.text}` : 'Before the first step'))
    }
    list.append(exchangeView(scenario.id, one.exchange, cited.get(one.exchange.id) ?? [], scenario.cut))
  }
  const all = h('button', { type: 'button' }, 'Open all')
  all.addEventListener('click', () => {
    const open = all.textContent === 'Open all'
    for (const details of list.querySelectorAll<HTMLDetailsElement>('details.exchange')) details.open = open
    all.textContent = open ? 'Close all' : 'Open all'
  })
  return h(
    'section',
    { class: 'block' },
    h('div', { class: 'titled' }, h('h2', {}, 'Transcript'), scenario.exchanges.length > 0 ? all : undefined),
    list,
  )
}
