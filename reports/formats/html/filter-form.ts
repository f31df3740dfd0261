/** The form above a list: search, one set of toggles, and selects. Only the script makes it work; without it the whole list is there. */
import type { VerdictCode } from '../../../harness/verdict.ts'
import { safe } from '../../diagram.ts'
import { icon } from './signs.ts'

/** Values to switch on beside each other, each with a sign and the tone that goes with it. */
export interface Toggle {
  /** The data attribute of the rows that it is compared with. */
  readonly name: string
  readonly values: readonly { readonly value: string; readonly text: string; readonly sign: VerdictCode | 'none' }[]
}

export type Choices = readonly (readonly [value: string, name: string])[]

/** The form for the list of that view. Selects with less than two choices are left out. */
export function filterForm(
  view: string,
  hint: string,
  toggle: Toggle,
  selects: Readonly<Record<string, Choices>>,
): string {
  const option = ([value, text]: readonly [string, string]): string =>
    `<option value="${safe(value)}">${safe(text)}</option>`
  const chosen = Object.entries(selects)
    .filter(([, options]) => options.length > 1)
    .map(
      ([name, options]) =>
        `<label><span>${safe(name)}</span><select name="${safe(name)}"><option value="">any</option>${options.map(option).join('')}</select></label>`,
    )
  const switches = toggle.values.map(
    ({ value, text, sign }) =>
      `<label class="toggle is-${sign}"><input type="checkbox" name="${safe(toggle.name)}" value="${safe(value)}"><span>${icon(sign)}${safe(text)}</span></label>`,
  )
  return `<form class="filters" data-view="${safe(view)}" role="search" aria-label="Filter ${safe(view)}"><label class="query"><span>search</span><input type="search" name="q" placeholder="${safe(hint)}" autocomplete="off" spellcheck="false"></label><fieldset><legend class="away">${safe(toggle.name)}</legend>${switches.join('')}</fieldset><button type="button" class="more-filters" aria-expanded="false">more filters</button><div class="selects">${chosen.join('')}</div><button type="reset">clear</button><output aria-live="polite"></output></form>`
}
