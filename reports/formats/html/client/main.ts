/** The report's script: shows one view at a time by the address, makes the scenario pages, filters, themes and keys. */
import { worstFirst } from '../../../../harness/verdict.ts'
import type { Index } from '../islands.ts'
import { badge, h, moreButton, the } from './dom.ts'
import { filtersOf } from './filters.ts'
import { keys } from './keys.ts'
import { markMeant } from './meant.ts'
import { placesLeft } from './places-left.ts'
import { scenarioView } from './scenario-view.ts'
import { openStore } from './store.ts'
import { moreFilters, pastNavigation, themes } from './theme.ts'

const store = openStore()
const filters = { requirements: filtersOf('requirements', store), scenarios: filtersOf('scenarios', store) }
const views = [...document.querySelectorAll<HTMLElement>('.view')]
const title = document.title
let open = ''
/** The page was there already: whoever follows a link then has to be brought to where it leads. */
let going = false
let searching = false
const places = placesLeft()

// As it is written the page is one document; with script every list is a page of its own, and its headings say so.
for (const heading of document.querySelectorAll('.view:not(:has(h1)) :is(h2, h3)'))
  heading.setAttribute('aria-level', String(Number(heading.tagName[1]) - 1))

/** One view; the navigation says which. */
function show(id: string): void {
  for (const view of views) view.hidden = view.id !== id
  const section = id === 'scenario' ? 'scenarios' : id
  for (const link of document.querySelectorAll<HTMLAnchorElement>('header nav a')) {
    if (link.getAttribute('href') === `#${section}`) link.setAttribute('aria-current', 'page')
    else link.removeAttribute('aria-current')
  }
}

/** Shows the beginning of a view. The focus goes along, else a reader of screens would stay at a link that is gone. */
function begin(id: string): void {
  scrollTo(0, 0)
  if (searching) the(`#${id} input[type=search]`).focus()
  else if (going) the(`#${id}-title`).focus({ preventScroll: true })
  searching = false
}

/** `#overview`, `#requirements?level=SHALL`, `#scenarios?verdict=fail`, `#PDEX-115`, `#s12`, `#s12-x3`, `#s12-PDEX-115` */
async function route(): Promise<void> {
  const [coded = '', query = ''] = location.hash.slice(1).split(/\?(.*)/s)
  const place = decodeURIComponent(coded)
  const target = place ? document.getElementById(place) : null
  const isRequirement = target instanceof HTMLDetailsElement && target.classList.contains('req')
  const scenario = isRequirement ? null : /^([a-z]+\d+)(?:-([\w-]+))?$/.exec(place)
  if (scenario) return showScenario(scenario[1] as string, scenario[2])
  open = ''
  document.title = title
  if (place === 'requirements' || place === 'scenarios') {
    show(place)
    filters[place].set(new URLSearchParams(query))
    document.title = `${the(`#${place}-title`).textContent} · ${title}`
    begin(place)
    return
  }
  if (isRequirement) {
    show('requirements')
    filters.requirements.set(new URLSearchParams(target.dataset.verdict === 'none' ? 'verdict=none' : ''))
    target.open = true
    target.scrollIntoView({ block: 'center' })
    the('summary', target).focus({ preventScroll: true })
    return
  }
  show('overview')
  if (target && place !== 'overview') target.scrollIntoView()
  else begin('overview')
}

/** At its beginning, at an exchange, or at the verdict on a requirement. */
async function showScenario(id: string, within: string | undefined): Promise<void> {
  const view = the('#scenario')
  if (open !== id) {
    const { index, scenario } = await store
    const found = await scenario(id)
    // Somebody went on while it was read.
    if (!location.hash.startsWith(`#${id}`)) return
    show('scenario')
    view.replaceChildren(
      ...(found
        ? scenarioView(found, index)
        : [h('h1', { id: 'scenario-title', tabindex: '-1' }, `There is no scenario ${id} in this run.`)]),
    )
    open = id
    document.title = `${found ? found.line.name : id} · Vitruvian`
    if (!within) {
      scrollTo(0, 0)
      the('h1', view).focus({ preventScroll: true })
    }
  } else {
    show('scenario')
    if (!within) begin('scenario')
  }
  const target = within ? document.getElementById(`${id}-${within}`) : null
  // Who goes on to an exchange still wants to see which of them are the evidence.
  const verdict = target ? undefined : markMeant(view, id, within)
  if (verdict)
    requestAnimationFrame(() => {
      verdict.scrollIntoView({ block: 'center' })
      verdict.focus({ preventScroll: true })
    })
  else if (within && !target) begin('scenario')
  if (target instanceof HTMLDetailsElement) {
    target.open = true
    // The event comes later by itself; what it fills in is wanted now, before the page scrolls.
    target.dispatchEvent(new Event('toggle'))
    requestAnimationFrame(() => {
      target.scrollIntoView()
      the('summary', target).focus({ preventScroll: true })
    })
  }
}

/** The verdicts of a requirement, one by one, when it is opened: what is not met first, since the rest may be hundreds. */
function fillRequirement(row: HTMLDetailsElement, { verdicts, texts, scenarios }: Index): void {
  const list = row.querySelector('ul.static')
  if (!list || !verdicts[row.id]) return
  const given = [...(verdicts[row.id] ?? [])].sort(([, a], [, b]) => worstFirst.indexOf(a) - worstFirst.indexOf(b))
  list.classList.remove('static')
  const shown = 40
  const add = (from: number): HTMLElement | undefined => {
    const before = list.childElementCount
    for (const [number, code, check, message, exchange] of given.slice(from, from + shown)) {
      const scenario = scenarios[number]
      if (!scenario) continue
      const place = `${scenario.id}${exchange ? `-${exchange}` : ''}`
      const to = exchange ? place : `${scenario.id}-${row.id}`
      list.append(
        h(
          'li',
          {},
          badge(code),
          ' ',
          h('a', { href: `#${to}` }, place),
          ' ',
          h(
            'span',
            {},
            scenario.title,
            ' ',
            h('span', { class: 'soft' }, `${scenario.edition.split(',')[0]}: ${texts[message] || texts[check]}`),
          ),
        ),
      )
    }
    if (from + shown < given.length) {
      const rest = h('li')
      rest.append(
        moreButton(`show more of ${given.length} verdicts`, () => {
          rest.remove()
          return add(from + shown)
        }),
      )
      list.append(rest)
    }
    return list.children[before] as HTMLElement | undefined
  }
  list.replaceChildren()
  add(0)
}

for (const row of document.querySelectorAll<HTMLDetailsElement>('details.req'))
  row.addEventListener('toggle', () => {
    if (row.open && row.querySelector('ul.static')) void store.then(({ index }) => fillRequirement(row, index))
  })

const beside = (rel: 'prev' | 'next'): void =>
  document.querySelector<HTMLAnchorElement>(`#scenario:not([hidden]) a[rel=${rel}]`)?.click()
keys({
  '/': () => {
    searching = true
    const list = views.find((view) => !view.hidden && view.querySelector('input[type=search]'))
    if (list) begin(list.id)
    else location.hash = '#scenarios'
  },
  o: () => the('.brand').click(),
  j: () => beside('next'),
  k: () => beside('prev'),
})

pastNavigation()
moreFilters()
themes()
document.body.classList.add('ready')
addEventListener('hashchange', ({ oldURL }) => {
  going = true
  const back = places.here()
  void route().then(() => {
    if (back !== undefined) places.goOn(back, oldURL)
  })
})
void route()
