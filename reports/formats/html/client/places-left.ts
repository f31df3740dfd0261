/** Where a reader was on each page of the report: who goes back goes on there, and not at its beginning. */

interface PlacesLeft {
  /** Where this page was left; undefined when it is visited anew. */
  readonly here: () => number | undefined
  /** Scrolls there; the keyboard goes on at the link that led away. */
  readonly goOn: (height: number, left: string) => void
}

/** Begins to remember. The entry of the history that is left keeps the place. */
export function placesLeft(): PlacesLeft {
  history.scrollRestoration = 'manual'
  addEventListener(
    'click',
    ({ target }) => {
      if (target instanceof Element && target.closest('a[href^="#"]')) history.replaceState({ height: scrollY }, '')
    },
    true,
  )
  return {
    here: () => (history.state as { readonly height?: number } | null)?.height,
    goOn: (height, left) => {
      const { hash } = new URL(left)
      const way = [...document.querySelectorAll<HTMLAnchorElement>('main a')].find(
        (link) => link.hash === hash && link.getClientRects().length > 0,
      )
      scrollTo(0, height)
      // What was not drawn yet may have been reckoned lower or higher than it is.
      way?.scrollIntoView({ block: 'nearest' })
      way?.focus({ preventScroll: true })
    },
  }
}
