/** The matrix's script: filters, theme and keys. Everything is in the page; nothing is fetched. */
import { the } from './dom.ts'
import { filtersOf } from './filters.ts'
import { moreFilters, themes } from './theme.ts'

const filters = filtersOf('matrix')

/** `#matrix?state=untested`, `#PDEX-115`, `#sums` */
function route(): void {
  const [place = '', query = ''] = location.hash.slice(1).split(/\?(.*)/s)
  if (place === 'matrix') {
    filters.set(new URLSearchParams(query))
    the('#matrix').scrollIntoView()
    return
  }
  const target = place ? document.getElementById(decodeURIComponent(place)) : null
  if (!(target instanceof HTMLDetailsElement)) {
    target?.scrollIntoView()
    return
  }
  filters.set(new URLSearchParams())
  target.open = true
  target.scrollIntoView({ block: 'center' })
  the('summary', target).focus({ preventScroll: true })
}

addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key !== '/') return
  if (event.target instanceof HTMLElement && event.target.closest('input, select, textarea')) return
  event.preventDefault()
  the<HTMLInputElement>('#matrix input[type=search]').focus()
})

moreFilters()
themes()
document.body.classList.add('ready')
addEventListener('hashchange', route)
route()
