/** Single keys that do something. A reader can switch them off, which is remembered where a file may remember anything. */
import { the } from './dom.ts'

const remembered = 'vitruvian-keys'

/** Makes the keys of the page work, and the box that switches them off (WCAG 2.1.4). */
export function keys(does: Readonly<Record<string, () => void>>): void {
  const box = the<HTMLInputElement>('#keys')
  try {
    box.checked = localStorage.getItem(remembered) !== 'off'
  } catch {
    // Without storage they are on.
  }
  box.addEventListener('change', () => {
    try {
      if (box.checked) localStorage.removeItem(remembered)
      else localStorage.setItem(remembered, 'off')
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  })
  addEventListener('keydown', (event) => {
    const act = Object.hasOwn(does, event.key) ? does[event.key] : undefined
    if (!act || !box.checked || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    // Whoever writes, writes; in a list of choices a letter finds a choice.
    if (event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), select, textarea'))
      return
    event.preventDefault()
    act()
  })
}
