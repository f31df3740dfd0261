/** The verdict that somebody came for: marked where it stands, with the exchanges that it was seen in. */
import { worstFirst } from '../../../../harness/verdict.ts'
import { h } from './dom.ts'

/**
 * Marks the verdicts on a requirement and their evidence in the page of a scenario, and nothing else; without a requirement nothing.
 * Returns the worst of them, where there is one.
 */
export function markMeant(view: HTMLElement, scenario: string, requirement?: string): HTMLElement | undefined {
  for (const before of view.querySelectorAll('.meant')) before.classList.remove('meant')
  for (const before of view.querySelectorAll('.meant-for')) before.remove()
  const verdicts = [...view.querySelectorAll<HTMLElement>('.verdict')].filter(
    ({ dataset }) => requirement !== undefined && dataset.requirement === requirement,
  )
  for (const verdict of verdicts) {
    verdict.classList.add('meant')
    for (const id of (verdict.dataset.evidence ?? '').split(' ')) {
      const exchange = document.getElementById(`${scenario}-${id}`)
      // Two verdicts may rest on one exchange.
      if (!exchange || exchange.classList.contains('meant')) continue
      exchange.classList.add('meant')
      exchange
        .querySelector('summary .who')
        ?.append(h('span', { class: 'meant-for' }, ', ', h('b', {}, `evidence of ${requirement}`)))
    }
  }
  return worstFirst.flatMap((code) => verdicts.filter(({ classList }) => classList.contains(`is-${code}`)))[0]
}
