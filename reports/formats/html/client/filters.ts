/** Filters and search of a list. What is chosen stands in the address, so that a filtered list can be sent to somebody. */
import { the } from './dom.ts'
import type { Store } from './store.ts'

export interface Filters {
  /** Sets the form from the address and filters. */
  readonly set: (query: URLSearchParams) => void
}

/** Makes the form of a view work. `store` comes later, where there is one: only the search through transcripts waits for it. */
export function filtersOf(view: string, store?: Promise<Store>): Filters {
  const section = the(`#${view}`)
  const form = the<HTMLFormElement>('form.filters', section)
  const output = the<HTMLOutputElement>('output', form)
  const rows = [...section.querySelectorAll<HTMLElement>('.row')]
  const groups = [...section.querySelectorAll<HTMLElement>('.group')]
  /** What the form asks for, by the names of its controls; a row may have several values, parted by |. */
  const named = (selector: string): string[] => [
    ...new Set([...form.querySelectorAll<HTMLInputElement>(selector)].map(({ name }) => name)),
  ]
  const fields = named('select')
  const toggles = named('input[type=checkbox]')
  const texts = new Map<HTMLElement, string>()
  const textOf = (row: HTMLElement): string => {
    const known =
      texts.get(row) ??
      `${row.textContent} ${row.dataset.ids ?? ''} ${row.dataset.feature ?? ''} ${row.id}`.toLowerCase()
    texts.set(row, known)
    return known
  }
  let said: ReadonlySet<string> = new Set()
  let asked = ''

  const query = (): URLSearchParams => {
    const chosen = new URLSearchParams()
    for (const [name, value] of new FormData(form))
      if (typeof value === 'string' && value !== '') chosen.append(name, value)
    return chosen
  }
  const apply = (): void => {
    const chosen = query()
    const words = (chosen.get('q') ?? '').toLowerCase().trim()
    let shown = 0
    for (const row of rows) {
      const fits =
        toggles.every((name) => {
          const wanted = chosen.getAll(name)
          const value = row.dataset[name] ?? ''
          // Statements without a verdict are many and say nothing about the run: they come when they are asked for.
          return wanted.length > 0 ? wanted.includes(value) : value !== 'none' || words !== ''
        }) &&
        fields.every((field) => {
          const wanted = chosen.get(field)
          return !wanted || (row.dataset[field] ?? '').split('|').includes(wanted)
        }) &&
        (words === '' || textOf(row).includes(words) || said.has(row.dataset.id ?? ''))
      row.hidden = !fits
      lead(row, words)
      if (fits) shown++
    }
    for (const group of groups) group.hidden = !group.querySelector('.row:not([hidden])')
    the('.nothing', section).hidden = shown > 0
    const all = rows.filter((row) => row.dataset.verdict !== 'none' || !row.hidden)
    output.value = `${shown.toLocaleString('en')} of ${all.length.toLocaleString('en')}`
  }
  /** Whoever looks for a requirement is led to the verdict on it. */
  const lead = (row: HTMLElement, words: string): void => {
    const { id, ids } = row.dataset
    if (id === undefined || ids === undefined) return
    const meant = ids.split('|').find((one) => one.toLowerCase() === words)
    the('a', row).setAttribute('href', meant ? `#${id}-${meant}` : `#${id}`)
  }
  const searchTranscripts = (): void => {
    const words = (query().get('q') ?? '').toLowerCase().trim()
    if (view !== 'scenarios' || !store || words === asked) return
    asked = words
    said = new Set()
    if (words.length < 3) return
    output.value = 'searching the transcripts ...'
    const stop = (): boolean => words !== asked
    store
      .then(({ find }) => find(words, stop))
      .then((found) => {
        if (stop()) return
        said = found
        apply()
      })
      .catch(() => {
        output.value = 'the transcripts cannot be searched in this browser'
      })
  }
  let later = 0
  const changed = (): void => {
    clearTimeout(later)
    later = window.setTimeout(() => {
      // Whoever went on meanwhile is elsewhere: the address is theirs.
      if (section.hidden) return
      const chosen = query().toString()
      history.replaceState(null, '', `#${view}${chosen ? `?${chosen}` : ''}`)
      apply()
      searchTranscripts()
    }, 120)
  }
  form.addEventListener('input', changed)
  form.addEventListener('reset', () => setTimeout(changed))
  form.addEventListener('submit', (event) => event.preventDefault())
  apply()

  return {
    set: (wanted) => {
      for (const control of form.elements) {
        if (control instanceof HTMLInputElement && control.type === 'checkbox')
          control.checked = wanted.getAll(control.name).includes(control.value)
        else if (control instanceof HTMLInputElement || control instanceof HTMLSelectElement)
          control.value = wanted.get(control.name) ?? ''
      }
      apply()
      searchTranscripts()
    },
  }
}
