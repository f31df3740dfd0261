/** The matrix's script: filters, theme and keys. Everything is in the page; nothing is fetched. */
import { the } from './dom.ts'
import { filtersOf } from './filters.ts'
import { keys } from './keys.ts'
import { moreFilters, pastNavigation, themes } from './theme.ts'

const filters = filtersOf('matrix')

/** `#matrix?state=untested`, `#PDEX-115`, `#sums` */
function route(going: boolean): void {
  const [place = '', query = ''] = location.hash.slice(1).split(/\?(.*)/s)
  if (place === 'matrix') {
    filters.set(new URLSearchParams(query))
    the('#matrix').scrollIntoView()
    // Whoever followed a link goes on where it leads.
    if (going) the('#matrix-title').focus({ preventScroll: true })
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

keys({ '/': () => the<HTMLInputElement>('#matrix input[type=search]').focus() })

pastNavigation()
moreFilters()
themes()
document.body.classList.add('ready')
addEventListener('hashchange', () => route(true))
route(false)
