/** What stands around the views: the choice of theme, remembered where a file may remember anything; the way past the navigation. */
import { the } from './dom.ts'

const names = ['system', 'light', 'dark']

/** Makes the button of the page work. */
export function themes(): void {
  const button = the<HTMLButtonElement>('#theme')
  const word = the('span', button)
  const set = (name: string): void => {
    word.textContent = name
    button.setAttribute('aria-label', `Theme: ${name}`)
    if (name === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = name
    try {
      if (name === 'system') localStorage.removeItem('vitruvian-theme')
      else localStorage.setItem('vitruvian-theme', name)
    } catch {
      // A file may have no storage: the choice then lasts as long as the page.
    }
  }
  set(document.documentElement.dataset.theme ?? 'system')
  button.hidden = false
  button.addEventListener('click', () =>
    set(names[(names.indexOf(word.textContent ?? '') + 1) % names.length] as string),
  )
}

/** The way past the navigation: the address says which view is shown, so it must not change. */
export function pastNavigation(): void {
  the('.skip').addEventListener('click', (event) => {
    event.preventDefault()
    scrollTo(0, 0)
    the('main').focus({ preventScroll: true })
  })
}

/** The button of a narrow screen that unfolds the rest of a form. */
export function moreFilters(): void {
  for (const button of document.querySelectorAll('.more-filters'))
    button.addEventListener('click', () => {
      const open = button.closest('form')?.classList.toggle('open') ?? false
      button.setAttribute('aria-expanded', String(open))
    })
}
